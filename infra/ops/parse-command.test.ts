import { expect, test } from 'vitest'
import { BadCommandError } from './command.ts'
import { parseCommand } from './parse-command.ts'

const env = { USER: 'ada' }
const order = (line: readonly string[]) => parseCommand(line, env)

test.each<[readonly string[], object]>([
  [['line', 'rate', '50/1s'], { name: 'line rate', calls: 50, windowSeconds: 1 }],
  [['line', 'rate', '600/1m'], { name: 'line rate', calls: 600, windowSeconds: 60 }],
  [['line', 'rate', '100000/24h'], { name: 'line rate', calls: 100_000, windowSeconds: 86_400 }],
  [['line', 'rate', '1/300s'], { name: 'line rate', calls: 1, windowSeconds: 300 }],
  [['line', 'pause'], { name: 'line pause' }],
  [['line', 'resume'], { name: 'line resume' }],
  [['line', 'drain'], { name: 'line drain' }],
  [['line', 'open'], { name: 'line open' }],
  [['line', 'message', ' Back at 3 p.m. '], { name: 'line message', message: 'Back at 3 p.m.' }],
  [['line', 'message', '😀'.repeat(300)], { name: 'line message', message: '😀'.repeat(300) }],
  [['line', 'message', '--clear'], { name: 'line message' }],
  [
    ['credential', 'revoke', 'K7Q2-4821-9930', 'AB12', 'AB12', '--reason', 'lost'],
    { name: 'credential revoke', numbers: ['K7Q2-4821-9930', 'AB12'], reason: 'lost' },
  ],
  [
    ['events', 'resign', '--partner', 'library', '--since', '2026-11-23T14:00:00Z'],
    {
      name: 'events resign',
      which: { partner: 'library', since: new Date('2026-11-23T14:00:00Z') },
    },
  ],
  [
    ['events', 'resign', 'a'.repeat(32)],
    { name: 'events resign', which: { jtis: ['a'.repeat(32)] } },
  ],
  [['account', 'suspend', 'a@b.test'], { name: 'account suspend', whom: 'a@b.test' }],
  [['account', 'reinstate', 'i'.repeat(43)], { name: 'account reinstate', whom: 'i'.repeat(43) }],
])('%j is an order', (line, expected) => {
  expect(order(line)).toEqual({ name: 'order', order: expected, actor: 'ada', waitSeconds: 5 })
})

test('an order says who gives it and how long to wait; what is said comes before $USER', () => {
  expect(order(['line', 'pause', '--actor', 'grace@example.gov', '--wait', '0'])).toMatchObject({
    actor: 'grace@example.gov',
    waitSeconds: 0,
  })
})

test.each([{}, { USER: '' }, { USER: 'two words' }, { USER: 'x'.repeat(65) }])(
  'nobody orders anything as %j',
  (nameless) => {
    expect(() => parseCommand(['line', 'pause'], nameless)).toThrow(/who you are/)
    expect(parseCommand(['line', 'status'], nameless)).toEqual({ name: 'line status' })
    expect(parseCommand(['events', 'held'], nameless)).toEqual({ name: 'events held' })
  },
)

test.each([[[]], [['help']], [['--help']], [['line', 'rate', '-h']]])(
  '%j asks for help',
  (line) => {
    expect(parseCommand(line, {})).toEqual({ name: 'help' })
  },
)

test('an audit has an end', () => {
  expect(order(['audit'])).toEqual({ name: 'audit', last: 20 })
  expect(order(['audit', '--last', '3'])).toEqual({ name: 'audit', last: 3 })
})

test.each<[readonly string[], RegExp]>([
  [['lines'], /no command/],
  [['line'], /no command/],
  [['line', 'stop'], /no command/],
  [['credential'], /no command/],
  [['Line', 'pause'], /no command/],
  [['line', 'status', 'now'], /Too much: "now"/],
  [['events', 'held', 'library'], /Too much: "library"/],
  [['line', 'pause', 'registry'], /Too much/],
  [['line', 'drain', 'now'], /Too much/],
  [['audit', '5'], /Too much/],
  [['line', 'rate'], /calls per window/],
  [['line', 'rate', '50'], /calls per window/],
  [['line', 'rate', '50/s'], /calls per window/],
  [['line', 'rate', '50/1'], /calls per window/],
  [['line', 'rate', '50/1d'], /calls per window/],
  [['line', 'rate', '5.5/1s'], /calls per window/],
  [['line', 'rate', '1e3/1s'], /calls per window/],
  [['line', 'rate', '50/1s', '60/1s'], /calls per window/],
  [['line', 'rate', '0/1s'], /1 to 100000/],
  [['line', 'rate', '100001/1s'], /1 to 100000/],
  [['line', 'rate', '50/0s'], /1 second to 24 hours/],
  [['line', 'rate', '50/25h'], /1 second to 24 hours/],
  [['line', 'rate', '1/301s'], /at least one call in 300 s/],
  [['line', 'rate', '11/1h'], /at least one call in 300 s/],
  [['line', 'message'], /in quotes/],
  [['line', 'message', 'two', 'words'], /in quotes/],
  [['line', 'message', ''], /1 to 300/],
  [['line', 'message', '  '], /1 to 300/],
  [['line', 'message', 'x'.repeat(301)], /1 to 300/],
  [['line', 'message', 'two\nlines'], /one line/],
  [['line', 'message', 'bell\u0007'], /one line/],
  [['line', 'message', 'turned\u202e'], /one line/],
  [['line', 'message', 'text', '--clear'], /not both/],
  [['line', 'pause', '--clear'], /--clear does not belong/],
  [['line', 'pause', '--reason', 'lost'], /--reason does not belong/],
  [['line', 'status', '--wait', '3'], /--wait does not belong/],
  [['audit', '--actor', 'ada'], /--actor does not belong/],
  [['line', 'pause', '--last', '3'], /--last does not belong/],
  [['line', 'pause', '--now'], /--now/],
  [['line', 'pause', '--wait'], /--wait/],
  [['line', 'pause', '--wait', '61'], /0 to 60/],
  [['line', 'pause', '--wait', 'long'], /0 to 60/],
  [['line', 'pause', '--actor', ''], /who you are/],
  [['line', 'pause', '--actor', 'a;b'], /who you are/],
  [['audit', '--last', '0'], /1 to 1000/],
  [['audit', '--last', '1001'], /1 to 1000/],
  [['events', 'hold'], /one partner/],
  [['events', 'release', 'Library'], /one partner/],
  [['account', 'suspend'], /whose account/],
  [['account', 'suspend', 'a@b.test', 'c@d.test'], /whose account/],
  [['account', 'suspend', 'person'], /whose account/],
  [['account', 'suspend', 'a@b@c'], /whose account/],
  [['account', 'delete', 'a@b.test'], /no command/],
  [['jobs'], /--state ready/],
  [['jobs', '--state', 'gone'], /--state ready/],
  [['jobs', '--state', 'ready', '--after', 'yesterday'], /--after takes/],
  [['queues', 'all'], /Too much/],
  [['workers', '--actor', 'ada'], /--actor does not belong/],
  [['job', 'show'], /one job/],
  [['job', 'retry', 'short'], /one job/],
  [['job', 'retry', 'a'.repeat(43), 'b'.repeat(43)], /one job/],
  [['job', 'eat', 'a'.repeat(43)], /no command "job eat"/],
  [['operator', 'old', 'ada'], /no command/],
  [['operator', 'new', 'a b'], /one name/],
  [['credential', 'revoke', '--reason', 'lost'], /1 to 1000 numbers/],
  [['credential', 'revoke', 'K7Q2-4821-9930'], /--reason lost/],
  [['credential', 'revoke', 'K7Q2-4821-9930', '--reason', 'anger'], /--reason lost/],
  [
    ['credential', 'revoke', 'k7q2', '--reason', 'lost'],
    /Not a credential's number: "k7q2".*capital letters/,
  ],
  [['credential', 'revoke', 'K7Q2', '\u001b[2J', '--reason', 'lost'], /"\\u001b\[2J"/],
])('%j is refused', (line, message) => {
  expect(() => order(line)).toThrow(BadCommandError)
  expect(() => order(line)).toThrow(message)
})

test('an id that begins as an option does is an id', () => {
  const id = `-${'I'.repeat(42)}`

  expect(parseCommand(['dead', 'show', id], {})).toEqual({ name: 'dead show', jobId: id })
  expect(parseCommand(['account', 'suspend', id, '--actor', 'ada'], {})).toMatchObject({
    order: { name: 'account suspend', whom: id },
    actor: 'ada',
  })
})

test('dead letters are chosen by job, partner, consumer and destination, of which one at least is said', () => {
  const asked = ['dead', 'replay', '--destination', 'court', '--consumer', 'permits-office']

  expect(parseCommand([...asked, '--actor', 'ada'], {})).toEqual({
    name: 'dead replay',
    actor: 'ada',
    which: { destination: 'court', consumer: 'permits-office', since: new Date(0) },
  })
  expect(() => parseCommand(['dead', 'replay', '--actor', 'ada'], {})).toThrow('--destination')
})
