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
  ops partner new <id> --name "<name>" --redirect-uri <uri>... [--logout-uri <uri>...]
                  [--scopes <scope>,...] [--max-ial 2] [--keys <file>]
                                        print a new partner for the partners file, and its secret once
  ops partner check <file>              say what is wrong with a partners file, or who is in it
  ops audit [--last <n>]                the last commands, newest first (20, at most 1000)

  --actor <name>      who you are, if $USER does not say it
  --wait <seconds>    how long to wait for the worker: 0 to 60, usually 5

Exit codes: 0 in effect; 1 it failed; 2 not understood, nothing was done; 3 taken, but not known to be in effect.
`
