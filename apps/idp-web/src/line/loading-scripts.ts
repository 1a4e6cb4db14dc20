import { eachRow, place, prelude, unlessLost } from './line-state.ts'

/** Steps of `line-state.ts` by which Redis learns what Postgres has. */

/** ARGV: now, lease, rows of tickets that Postgres has and that may be here. Those that are here stay as they are. */
export const load = `${prelude}
local lease = tonumber(ARGV[2])
${eachRow(3, `if not find(number) then ${place} end`)}
return 1`

/** ARGV: now, token. What is here is not whole: it goes, and is read anew. Nothing if it is whole after all. */
export const beginLoading = `${prelude}
if call('EXISTS', loaded) == 1 then return 0 end
call('DEL', tickets, waiting, leases, parked, called, unstarted, moving, lapsing, flow)
call('SET', loading, ARGV[2])
return 1`

/** ARGV: now, token, up to when Postgres was read. Nothing if Redis was lost meanwhile. */
export const endLoading = `${prelude}
if call('GET', loading) ~= ARGV[2] then return 0 end
call('DEL', loading)
call('SET', loaded, ARGV[3])
call('HSET', clock, 'rebuilt', ARGV[3])
return 1`

/** ARGV: now, up to when Postgres was read. */
export const markLoaded = `${unlessLost}
call('SET', loaded, ARGV[2])
return 1`

/** Up to when Postgres was read. */
export const readLoaded = `${unlessLost}
return call('GET', loaded)`

/** Up to when Postgres had been read when it was last read after a loss. */
export const readRebuilt = `${unlessLost}
return call('HGET', clock, 'rebuilt') or '0'`
