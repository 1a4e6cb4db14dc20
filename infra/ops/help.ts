import { revocationReasons } from './command.ts'

export const help = `Commands of operators. Each that changes something is written down with your name.

  ops line status                       people in line, wait of who joins now, rate, pause, drain, message
  ops line rate <calls>/<window>        how often the registry may be called: 50/1s, 600/1m, 1000/1h;
                                        at least one call in 300 s
  ops line pause                        call nobody; everybody keeps their place
  ops line resume                       go on calling
  ops line drain                        let nobody new join; who stands in line is served
  ops line open                         let people join again
  ops line message "<text>"             tell everybody in line (one line, up to 300 characters)
  ops line message --clear              take the message away
  ops credential revoke <number>... --reason <reason>
                                        reasons: ${revocationReasons.join(', ')}
  ops events resign <jti>... | --partner <id> [--since <moment>]
                                        have security events that failed for good signed anew and sent again
  ops events hold <partner>             tell a partner nothing more; what happens is kept for it
  ops events release <partner>          tell it again, in order, also one that answered 410
  ops events held                       partners for whom events are held, since when and why
  ops account suspend <e-mail or id>    let nobody sign in to an account, sign out whoever is,
                                        and tell the partners that it is connected to
  ops account reinstate <e-mail or id>  let its owner sign in again, and tell them
  ops partner new <id> --name "<name>" --redirect-uri <uri>... [--logout-uri <uri>...]
                  [--scopes <scope>,...] [--max-ial 2] [--keys <file>]
                                        print a new partner for the partners file, and its secret once
  ops partner check <file>              say what is wrong with a partners file, or who is in it
  ops secret seal <name> <id>           print the secret on standard input as it may stand in a file that
                                        the worker reads: push-authorization with a partner's id,
                                        transfer-destination with a destination's name
  ops transfer consumer new <id> --destinations <name>,... [--source-hosts <host>,...]
                  [--source-buckets <bucket>,...] [--path-prefix <folders>] [--max-bytes <n>]
                  [--per-minute <n>] [--max-open <n>] [--email <address>]
                  [--webhook <https address>]
                  [--credentials <destination>[/<folder>] --name "<agency>"]
                                        let a program of an agency ask for transfers; hosts may be
                                        *.name for all below a name, or * for every public one; with the
                                        last two, people may send it their credentials
  ops transfer consumer change <id> ... the same: what is not given stays; --webhook makes a new secret
  ops transfer consumer list            who there is, and what they may ask for
  ops transfer consumer disable <id>    refuse its requests; enable <id> takes them again
  ops transfer key new <consumer> [--days <n>]
                                        print a key once, good for 90 days if nothing is said
  ops transfer key rotate <consumer> [--days <n>] [--hours <n>]
                                        the same; the key before it stays good for 168 hours at most
  ops transfer key revoke <key id>      refuse it from now on
  ops transfer key list <consumer>      keys by their ids, and when they were last used
  ops transfer webhook list [<consumer>]
                                        messages to consumers that did not arrive, oldest first
  ops transfer webhook replay <message>... | <consumer>
                                        send what was given up again, signed anew, in all its rounds
  ops transfer audit verify [--expect <consumer>:<number>:<hash>]...
                                        read every chain of the audit, say where one is broken, and
                                        print the heads to note down
  ops queues                            by task: what lies in the queue, how old, what ended in the last hour
  ops workers                           who is at work, how long ago they said so, and how many jobs they hold
  ops deliveries                        by partner: what it is told of accounts, and what could not be delivered
  ops jobs --state ready|running|scheduled|failed|done [--job <name>] [--last <n>] [--after <place>]
                                        jobs in a state (50, at most 1000); --after goes on where a list ended
  ops job show <job>                    what is known of one: attempts, vendors, worker, next try, reason
  ops job retry <job>                   let one that waits until later begin now
  ops job discard <job>                 end one that nobody is at, as cancelled
  ops job release <job>                 free one whose worker is dead
  ops operator new <name>               print a line for console_operators, and a password once
  ops dead list [--partner <id>] [--consumer <id>] [--destination <name>] [--job <name>]
                [--since <moment>] [--last <n>] [--after <place>]
                                        jobs that failed and are kept, oldest first (100, at most 1000)
  ops dead show <job>                   what is readable of one
  ops dead replay <job>... | one or more of those options
                                        queue them again, as they were
  ops dead discard <job>... | one or more of those options
                                        throw them away
  ops audit [--last <n>]                the last commands, newest first (20, at most 1000)

  --actor <name>      who you are, if $USER does not say it
  --wait <seconds>    how long to wait for the worker: 0 to 60, usually 5

Exit codes: 0 in effect; 1 it failed; 2 not understood, nothing was done; 3 taken, but not known to be in effect.
`
