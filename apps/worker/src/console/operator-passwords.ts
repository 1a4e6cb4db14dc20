import { isPassword, nobodysHash, readHash, usualCost } from '@anteroom/crypto/password'

export interface OperatorPasswords {
  /** It takes as long for a name that nobody has. One at a time: each takes 19 MiB, and a thread that jobs need. */
  isRight(name: string, password: string): Promise<boolean>
}

export function createOperatorPasswords(
  operators: Readonly<Record<string, string>>,
): OperatorPasswords {
  const nobodys = nobodysHash(usualCost)
  let last: Promise<unknown> = Promise.resolve()

  async function check(name: string, password: string): Promise<boolean> {
    const stored = Object.hasOwn(operators, name) ? operators[name] : undefined
    const hash = stored === undefined ? undefined : readHash(stored)
    return (await isPassword(password, hash ?? nobodys)) && hash !== undefined
  }

  return {
    isRight(name, password) {
      const answer = last.then(() => check(name, password))
      last = answer.catch(() => undefined)
      return answer
    },
  }
}
