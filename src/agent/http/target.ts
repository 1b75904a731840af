import type { Trust } from './trust.ts'

/** What is called: a base URL as parseAddress returns it, and what every request to it brings and expects. */
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
