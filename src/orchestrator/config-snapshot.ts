import { exactValue } from '../json.ts'

/** Names whose texts are credentials, in `api_key`, `OPENAI_API_KEY`, `clientSecret` and the like. */
const secretName =
  /(?:api_?key|access_?key|private_?key|token|secret|passw(?:or)?d|passphrase|credentials?|authorization)$/i
const mask = '••••'

/** The configuration of a workflow as the Python program kept it with a run, without credentials; null for none. */
export function shownConfig(snapshot: string | null): string | null {
  const text = snapshot?.trim() ?? ''
  if (!/^\{\s*"/.test(text)) return null
  try {
    const masked = (name: string, value: unknown) => (typeof value === 'string' && secretName.test(name) ? mask : value)
    return JSON.stringify(exactValue(text), masked)
  } catch {
    // It is no JSON, or nested so deep that nobody reads it.
    return null
  }
}
