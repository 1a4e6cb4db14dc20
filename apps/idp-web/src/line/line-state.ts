import { clockRunsOnMs, freshMs, keptMs, leaseMs } from './presence.ts'

/**
 * Every change of the line in Redis, each one step on the server. People stand here under their numbers; ids are 43
 * characters each and stand only in `line:tickets`. KEYS are those of `lineKeys`; ARGV begins with the time in
 * milliseconds, database time.
 */
export const lineKeys = [
  /** There while everything else is whole: up to when, in milliseconds, Postgres is known to have been read. */
  'line:loaded',
  /** Which process reads Postgres into an empty Redis. */
  'line:loading',
  /**
   * Hash: number → id, state (one letter), until when they may be called unheard and when they joined (13 digits each), the
   * wait estimated then in seconds (7 digits), lowest rank shown. The last two times are 0 where nobody knows, and once
   * they have been measured.
   */
  'line:tickets',
  /** Sorted set: those who wait and are there, by number. Their rank is their place. */
  'line:waiting',
  /** Sorted set: those who wait or are called, by when they are taken to be gone (presence clock). */
  'line:leases',
  /** Sorted set: those who are gone, by until when their place is kept (presence clock). */
  'line:parked',
  /** Sorted set: those who are called, by the deadline of their job. */
  'line:called',
  /** Set: the called whose job has not had its turn. */
  'line:unstarted',
  /** Set: those for whom Postgres has yet to carry out what their state says: called, or put back. */
  'line:moving',
  /** Set: those for whom Postgres has yet to write down that their place is over. They may be many, and can wait. */
  'line:lapsing',
  /**
   * Hash: when it was swept, how far the presence clock is behind, since when people are called without a pause, up to
   * when Postgres had been read when it was last read after a loss.
   */
  'line:clock',
  /** Hash: who left (`l`), and for how many milliseconds people waited (`p`), by ten seconds. */
  'line:flow',
  /** Hash: which process keeps the line, until when. */
  'line:leader',
] as const

export const states = {
  waiting: 'w',
  /** Gone, because they were not heard of; being heard of brings them back. */
  parked: 'p',
  /** Gone by their own word; only their own word brings them back. */
  left: 'l',
  /** Taken from the front; their job is about to be enqueued. */
  calling: 'g',
  called: 'c',
  /** Called, to be put back into the line if no worker has claimed their job. */
  recalled: 'r',
  /** The same for somebody who has left. */
  recalledLeft: 'R',
  /** As `calling`, of somebody who has left meanwhile: to be called first and recalled then. */
  callingLeft: 'G',
  /** Gone for too long. */
  lapsing: 'x',
} as const
export type State = (typeof states)[keyof typeof states]

/** What the flow is counted by, and how much of it is kept. */
export const flowSlotMs = 10_000
export const flowKeptMs = 300_000

export const prelude = `
local loaded, loading, tickets, waiting, leases, parked = unpack(KEYS, 1, 6)
local called, unstarted, moving, lapsing, clock, flow, leader = unpack(KEYS, 7)
local call = redis.call
local now = tonumber(ARGV[1])
local swept, offset = unpack(call('HMGET', clock, 'swept', 'offset'))
swept, offset = tonumber(swept or now), tonumber(offset or 0)
local clockTime = math.min(now, swept + ${clockRunsOnMs}) - offset

local function parse(text)
  if not text then return nil end
  return {
    id = string.sub(text, 1, 43), state = string.sub(text, 44, 44),
    freshUntil = tonumber(string.sub(text, 45, 57)), joined = tonumber(string.sub(text, 58, 70)),
    estimate = tonumber(string.sub(text, 71, 77)), shown = string.sub(text, 78)
  }
end
-- The ticket of this number, if it is of this id: a place that is taken up again has another.
local function find(number, id)
  local ticket = parse(call('HGET', tickets, number))
  if ticket and id and ticket.id ~= id then return nil end
  return ticket
end
local function write(number, ticket)
  local times = string.format('%013d%013d%07d', ticket.freshUntil, ticket.joined, ticket.estimate)
  call('HSET', tickets, number, ticket.id .. ticket.state .. times .. ticket.shown)
end
local function count(what, by)
  call('HINCRBY', flow, what .. math.floor(now / ${flowSlotMs}), by)
end
local function heard(number, ticket, lease)
  local fresh = lease < ${leaseMs.hidden} and ${freshMs.visible} or lease < ${leaseMs.unscripted} and ${freshMs.hidden} or ${freshMs.unscripted}
  ticket.freshUntil = now + fresh
  local before = call('ZSCORE', leases, number)
  if not before or tonumber(before) < clockTime + lease then call('ZADD', leases, clockTime + lease, number) end
end
local function stand(number, ticket)
  ticket.state = 'w'
  call('ZADD', waiting, number, number)
end
local function park(number, ticket, state)
  ticket.state = state
  -- Who goes away waits longer than anybody said.
  ticket.estimate = 0
  call('ZREM', waiting, number)
  call('ZREM', leases, number)
  call('ZADD', parked, clockTime + ${keptMs}, number)
  count('l', 1)
  write(number, ticket)
end
local function restore(number, ticket)
  call('ZREM', parked, number)
  count('l', -1)
  stand(number, ticket)
end
local function move(number, ticket, state)
  ticket.state = state
  call('SADD', state == 'x' and lapsing or moving, number)
  write(number, ticket)
end
local function forget(number)
  for _, key in ipairs({ waiting, leases, parked, called }) do call('ZREM', key, number) end
  for _, key in ipairs({ unstarted, moving, lapsing }) do call('SREM', key, number) end
  call('HDEL', tickets, number)
end`

export const unlessLost = `${prelude}
if call('EXISTS', loaded) == 0 then return 'lost' end`

/** A row is four arguments: number, id, how it is in Postgres (\`waiting\`, \`called\` or \`gone\`), deadline. */
export const eachRow = (first: number, body: string) => `
for at = ${first}, #ARGV, 4 do
  local number, id, state, deadline = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  ${body}
end`

/** Puts a ticket that Postgres has where it belongs. */
export const place = `
local ticket = { id = id, state = 'c', freshUntil = 0, joined = 0, estimate = 0, shown = '' }
forget(number)
call('ZADD', leases, clockTime + lease, number)
if state == 'called' then
  call('ZADD', called, deadline, number)
  call('SADD', unstarted, number)
else
  stand(number, ticket)
end
write(number, ticket)`
