import { afterAll, beforeAll, expect, vi } from 'vitest'

/** The library warns of every default that was left to it: each is a thing that was not thought about. */
export function expectNoNotices(): void {
  const said: string[] = []
  beforeAll(() => {
    for (const level of ['info', 'warn'] as const) {
      vi.spyOn(console, level).mockImplementation((...words) => void said.push(words.join(' ')))
    }
  })
  afterAll(() => {
    vi.restoreAllMocks()
    expect(said.filter((line) => line.includes('oidc-provider'))).toEqual([])
  })
}
