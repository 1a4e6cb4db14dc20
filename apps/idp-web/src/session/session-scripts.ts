/**
 * Writes that look before they write, in one step on the server: between loading a session and writing it another
 * request of the same person may have come in.
 */

/** The attempt that is on its way, and whether it still is at the moment in ARGV[3]. */
const readNext = `
local next = redis.call('HGET', KEYS[1], 'nextAttempt')
next = next and cjson.decode(next)
local stands = next and (next.lapsesAt or 0) > tonumber(ARGV[3])`

/**
 * KEYS: the session. ARGV: slot, seconds to keep, now, guard (`alive`, `no-attempt`, `attempt` or `claimed`), the job id
 * it names, fields and values, fields to remove.
 */
export const patchScript = `
if redis.call('HGET', KEYS[1], 'slot') ~= ARGV[1] then return 0 end
${readNext}
local attempt = redis.call('HGET', KEYS[1], 'attempt')
if ARGV[4] == 'no-attempt' then
  if attempt or stands then return 0 end
  redis.call('HDEL', KEYS[1], 'nextAttempt')
end
if ARGV[4] == 'attempt' and (not attempt or cjson.decode(attempt).jobId ~= ARGV[5]) then return 0 end
if ARGV[4] == 'claimed' and (not next or next.jobId ~= ARGV[5]) then return 0 end
local written = cjson.decode(ARGV[6])
local removed = cjson.decode(ARGV[7])
if #written > 0 then redis.call('HSET', KEYS[1], unpack(written)) end
if #removed > 0 then redis.call('HDEL', KEYS[1], unpack(removed)) end
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1`

/**
 * KEYS: the session. ARGV: slot, seconds to keep, now, what the attempt is about (`details` or `submission`), the attempt
 * wanted. Returns the attempt claimed: the one that is on its way, if it is for the same check of the same.
 */
export const claimScript = `
if redis.call('HGET', KEYS[1], 'slot') ~= ARGV[1] then return 'changed' end
if redis.call('HEXISTS', KEYS[1], 'attempt') == 1 then return 'under-way' end
local wanted = cjson.decode(ARGV[5])
local subject = redis.call('HGET', KEYS[1], 'detailsId')
if ARGV[4] == 'submission' then
  local submission = redis.call('HGET', KEYS[1], 'submission')
  subject = submission and cjson.decode(submission).submissionId
end
if subject ~= wanted.subjectId then return 'changed' end
${readNext}
if not stands then
  redis.call('HSET', KEYS[1], 'nextAttempt', ARGV[5])
elseif next.check ~= wanted.check or next.subjectId ~= wanted.subjectId then
  return 'under-way'
end
redis.call('EXPIRE', KEYS[1], ARGV[2])
return redis.call('HGET', KEYS[1], 'nextAttempt')`

/**
 * KEYS: the session. ARGV: slot, id of the submission, how many uploads it may have, the upload to add. Two uploads
 * begun at once are both kept.
 */
export const addUploadScript = `
if redis.call('HGET', KEYS[1], 'slot') ~= ARGV[1] then return 'changed' end
local text = redis.call('HGET', KEYS[1], 'submission')
if not text then return 'changed' end
local submission = cjson.decode(text)
if submission.submissionId ~= ARGV[2] then return 'changed' end
if #submission.uploads >= tonumber(ARGV[3]) then return 'full' end
table.insert(submission.uploads, cjson.decode(ARGV[4]))
redis.call('HSET', KEYS[1], 'submission', cjson.encode(submission))
return 'added'`

/** KEYS: the session under its old and its new id. */
export const renameScript = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('RENAME', KEYS[1], KEYS[2])
return 1`
