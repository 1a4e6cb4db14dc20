import { eachRow, flowKeptMs, flowSlotMs, prelude, unlessLost } from './line-state.ts'
import { clockRunsOnMs, overdueMs, recallAheadMs } from './presence.ts'

/** Steps of `line-state.ts` that the process takes which keeps the line. */

/**
 * ARGV: now, process, length of its lease in milliseconds, how many whose place is over at most. Returns nothing if another
 * process keeps the line; otherwise number and id of the called who have not had their turn, and number, id and state of
 * those on the move.
 */
export const lead = `${unlessLost}
local keeper, untilWhen = unpack(call('HMGET', leader, 'process', 'until'))
if keeper and keeper ~= ARGV[2] and tonumber(untilWhen) > now then return nil end
call('HSET', leader, 'process', ARGV[2], 'until', now + ARGV[3])
local before, moves = {}, {}
for _, number in ipairs(call('SMEMBERS', unstarted)) do
  local ticket = find(number)
  table.insert(before, number)
  table.insert(before, ticket.id)
end
for _, numbers in ipairs({ call('SMEMBERS', moving), call('SRANDMEMBER', lapsing, ARGV[4]) }) do
  for _, number in ipairs(numbers) do
    local ticket = find(number)
    for _, part in ipairs({ number, ticket.id, ticket.state }) do table.insert(moves, part) end
  end
end
return { before, moves }`

/** ARGV: now, process. */
export const retire = `${prelude}
if call('HGET', leader, 'process') == ARGV[2] then call('DEL', leader) end
return 1`

/**
 * Takes people from the front, in their order, as many as there is room for, and nobody who was not heard of lately.
 * ARGV: now, how many may be called without having had their turn, how many ranks are near the front, how many are looked
 * at at most, numbers of those who have had their turn since. Returns number and id of those taken, and of those near the
 * front who were not heard of.
 */
export const pick = `${unlessLost}
for at = 5, #ARGV do call('SREM', unstarted, ARGV[at]) end
local room = tonumber(ARGV[2]) - call('SCARD', unstarted)
local near, most = tonumber(ARGV[3]), tonumber(ARGV[4])
local taken, asleep, rank = {}, {}, 0
while rank < near or (room > 0 and rank < most) do
  local numbers = call('ZRANGE', waiting, rank, rank + 99)
  if #numbers == 0 then break end
  local texts = call('HMGET', tickets, unpack(numbers))
  local gone = 0
  for index, number in ipairs(numbers) do
    local ticket = parse(texts[index])
    if now > ticket.freshUntil then
      if rank + index <= near then
        table.insert(asleep, number)
        table.insert(asleep, ticket.id)
      end
    elseif room > 0 then
      room = room - 1
      gone = gone + 1
      call('ZREM', waiting, number)
      move(number, ticket, 'g')
      table.insert(taken, number)
      table.insert(taken, ticket.id)
    end
  end
  rank = rank + #numbers - gone
end
return { taken, asleep }`

/** ARGV: now, numbers of called people who are to be put back into the line. */
export const recall = `${unlessLost}
for at = 2, #ARGV do
  local ticket = find(ARGV[at])
  if ticket and ticket.state == 'c' then move(ARGV[at], ticket, 'r') end
end
return 1`

/**
 * Settles what no report will: who is called and long past their deadline is looked for in Postgres, as if recalled. ARGV:
 * now, how many at most.
 */
export const recallOverdue = `${unlessLost}
for _, number in ipairs(call('ZRANGE', called, '-inf', now - ${overdueMs}, 'BYSCORE', 'LIMIT', 0, ARGV[2])) do
  local ticket = find(number)
  if ticket.state == 'c' then move(number, ticket, 'r') end
end
return 1`

/**
 * ARGV: now, rows of tickets on the move, as they are in Postgres now. Returns, of each that something became of: what,
 * when they joined and the wait estimated then, which are told of the first call alone.
 */
export const settle = `${unlessLost}
local became = {}
local function note(what, ticket)
  for _, part in ipairs({ what, ticket.joined, ticket.estimate }) do table.insert(became, part) end
end
${eachRow(
  2,
  `local ticket = find(number, id)
  if ticket and call('SREM', moving, number) + call('SREM', lapsing, number) > 0 then
    if state == 'gone' then
      if ticket.state == 'x' then note('lapsed', ticket) end
      forget(number)
    elseif state == 'called' then
      call('ZADD', called, deadline, number)
      if ticket.state == 'g' or ticket.state == 'G' then
        call('SADD', unstarted, number)
        note('called', ticket)
        ticket.joined, ticket.estimate = 0, 0
      end
      if ticket.state == 'G' then
        move(number, ticket, 'R')
      else
        ticket.state = 'c'
        write(number, ticket)
      end
    else
      call('ZREM', called, number)
      call('SREM', unstarted, number)
      if ticket.state == 'r' or ticket.state == 'R' then note('put-back', ticket) end
      local isThere = ticket.state ~= 'R' and call('ZSCORE', leases, number)
      if isThere then
        stand(number, ticket)
        write(number, ticket)
      else
        if ticket.state ~= 'R' then note('parked', ticket) end
        park(number, ticket, ticket.state == 'R' and 'l' or 'p')
      end
    end
  end`,
)}
return became`

/**
 * Advances the presence clock; parks those whose lease has ended and recalls the called among them; ends the places that
 * were kept long enough; and recalls who is likely to have no turn by their deadline. ARGV: now, how many at most, whether
 * people are being called (1). Returns how many were parked, how many wait, are parked and are called, and whether more is left to be swept.
 */
export const sweep = `${unlessLost}
local people = call('ZCARD', waiting)
count('p', people * math.min(now - swept, ${clockRunsOnMs}))
if now - swept > ${clockRunsOnMs} then call('HINCRBY', clock, 'offset', now - swept - ${clockRunsOnMs}) end
if now > swept or not call('HGET', clock, 'swept') then call('HSET', clock, 'swept', now) end
local most, done, parkings = tonumber(ARGV[2]), 0, 0
for _, number in ipairs(call('ZRANGE', leases, '-inf', clockTime, 'BYSCORE', 'LIMIT', 0, most)) do
  local ticket = find(number)
  -- Whoever is on the move is looked at again once they are settled.
  if ticket.state == 'w' then
    done = done + 1
    parkings = parkings + 1
    park(number, ticket, 'p')
  elseif ticket.state == 'c' then
    done = done + 1
    call('ZREM', leases, number)
    if call('SISMEMBER', unstarted, number) == 1 then move(number, ticket, 'r') end
  end
end
local over = call('ZRANGE', parked, '-inf', clockTime, 'BYSCORE', 'LIMIT', 0, most)
for _, number in ipairs(over) do
  call('ZREM', parked, number)
  move(number, find(number), 'x')
end
for _, number in ipairs(call('SMEMBERS', unstarted)) do
  local ticket, deadline = find(number), tonumber(call('ZSCORE', called, number))
  if deadline <= now then
    call('SREM', unstarted, number)
  elseif deadline <= now + ${recallAheadMs} and ticket.state == 'c' then
    move(number, ticket, 'r')
  end
end

for _, field in ipairs(call('HKEYS', flow)) do
  if tonumber(string.sub(field, 2)) < math.floor((now - ${flowKeptMs}) / ${flowSlotMs}) then call('HDEL', flow, field) end
end
people = call('ZCARD', waiting)
if ARGV[3] == '1' and people + call('SCARD', unstarted) > 0 then
  call('HSETNX', clock, 'flowing', now)
else
  call('HDEL', clock, 'flowing')
end
return { parkings, people, call('ZCARD', parked), call('ZCARD', called), (done == most or #over == most) and 1 or 0 }`
