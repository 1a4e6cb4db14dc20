import { eachRow, place, unlessLost } from './line-state.ts'
import { closingLeaseMs } from './presence.ts'

/** Steps of `line-state.ts` that a person's request takes. */

/**
 * ARGV: now, lease, whether they are heard of at this moment (1), when they joined and the wait estimated then in seconds (0
 * where nobody knows), rows of tickets. As load, but what was of their number before makes room; and whoever is heard of
 * and was gone is back. Returns how many were gone and are back.
 */
export const enter = `${unlessLost}
local lease, returned = tonumber(ARGV[2]), 0
${eachRow(
  6,
  `local isNew = not find(number, id)
  if isNew then ${place} end
  local ticket = find(number)
  if isNew then ticket.joined, ticket.estimate = tonumber(ARGV[4]), tonumber(ARGV[5]) end
  if ARGV[3] == '1' then
    if ticket.state == 'p' or ticket.state == 'l' then
      restore(number, ticket)
      returned = returned + 1
    end
    heard(number, ticket, lease)
  end
  write(number, ticket)`,
)}
return returned`

/**
 * ARGV: now, number, id, lease in milliseconds (0 if nobody is there), whether they come back by their own word (1).
 * Returns the state, whether they were gone and are back (1), then for who waits rank, lowest rank shown and length; for
 * who is gone the end of their place; for who is called the deadline. Nothing if the ticket is not here.
 */
export const standing = `${unlessLost}
local number, lease = ARGV[2], tonumber(ARGV[4])
local ticket = find(number, ARGV[3])
if not ticket then return nil end
local comes = (ticket.state == 'p' and lease > 0) or (ticket.state == 'l' and ARGV[5] == '1')
if comes then restore(number, ticket) end
local unleft = ARGV[5] == '1' and ({ R = 'r', G = 'g' })[ticket.state]
ticket.state = unleft or ticket.state
local returned = (comes or unleft) and 1 or 0
if ticket.state == 'p' or ticket.state == 'l' then
  return { ticket.state, returned, tostring(tonumber(call('ZSCORE', parked, number)) + offset) }
end
if lease > 0 and not string.find('xRG', ticket.state) then heard(number, ticket, lease) end
if ticket.state ~= 'w' then
  write(number, ticket)
  return { ticket.state, returned, call('ZSCORE', called, number) or '0' }
end
local rank = call('ZRANK', waiting, number)
local shown = math.min(rank, tonumber(ticket.shown) or rank)
ticket.shown = tostring(shown)
write(number, ticket)
return { 'w', returned, rank, shown, call('ZCARD', waiting) }`

/** ARGV: now, number, id. Whoever is called and has not had their turn stands in the line again until they are heard of. */
export const away = `${unlessLost}
local ticket = find(ARGV[2], ARGV[3])
local before = ticket and call('ZSCORE', leases, ARGV[2])
if not before then return 0 end
ticket.freshUntil = 0
write(ARGV[2], ticket)
-- Their turn would come before it is known if they are gone.
if ticket.state == 'c' and call('SISMEMBER', unstarted, ARGV[2]) == 1 then move(ARGV[2], ticket, 'r') end
call('ZADD', leases, math.min(tonumber(before), clockTime + ${closingLeaseMs}), ARGV[2])
return 1`

/** ARGV: now, number, id. Returns whether they had not left before (1). */
export const leave = `${unlessLost}
local number = ARGV[2]
local ticket = find(number, ARGV[3])
if not ticket then return 0 end
local before = ticket.state
if ticket.state == 'w' then park(number, ticket, 'l') end
if ticket.state == 'p' then
  ticket.state = 'l'
  write(number, ticket)
end
local recalled = ({ g = 'G', c = 'R', r = 'R' })[ticket.state]
if recalled then
  call('ZREM', leases, number)
  move(number, ticket, recalled)
end
return ticket.state ~= before and 1 or 0`

/** ARGV: now, rows of tickets that are over: number and id. */
export const forgetAll = `${unlessLost}
for at = 2, #ARGV, 2 do
  if find(ARGV[at], ARGV[at + 1]) then forget(ARGV[at]) end
end
return 1`

/** Returns how many wait, how many are called without having had their turn, since when people are called, and the flow. */
export const view = `${unlessLost}
return { call('ZCARD', waiting), call('SCARD', unstarted), call('HGET', clock, 'flowing') or '0', call('HGETALL', flow) }`
