import type { Trust } from './trust.ts'

export type Target = {
  url: string
  headers: Record<string, string>
  /** Masked wherever the agent repeats them, as the values of `headers` are. */
  secrets?: string[]
  /** Undefined trusts whom this machine trusts. */
  trust?: Trust | undefined
  /** Where its health is asked, and nowhere else. */
  healthPath?: string | undefined
}

export function targetBelow({ url, ...target }: Target, path: string): Target {
  return { ...target, url: url + path }
}
