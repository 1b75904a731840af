import type { Target } from '../../agent/http/target.ts'

/** What has to be known of an agent to call it, registered or not. */
export type Callable = { url: string }

/** How an agent is called. Everything that is sent to agents goes through here. */
export function targetOf({ url }: Callable): Target {
  return { url, headers: {} }
}
