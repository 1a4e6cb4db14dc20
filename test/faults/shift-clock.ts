/**
 * Loaded before a service with `--import`: its clock is wrong by so many milliseconds, as on a machine whose time is
 * not kept. Timers and `performance.now()` are not touched, as they would not be there.
 */
const shiftMs = Number(process.env.FAULTS_CLOCK_SHIFT_MS ?? '0')
const RealDate = Date

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [target.now() + shiftMs] : given, newTarget),
  apply: () => new RealDate(RealDate.now() + shiftMs).toString(),
  get: (target, name, receiver) =>
    name === 'now' ? () => target.now() + shiftMs : Reflect.get(target, name, receiver),
})
