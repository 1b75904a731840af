import { withoutUrlCredentials } from '../../agent/http/header-redaction.ts'
import { exactValue } from '../../shared/json.ts'

/** Names of credentials, in `api_key`, `OPENAI_API_KEY`, `clientSecret`, `X-Api-Key` and the like. */
const secretName =
  /(?:(?:api|access|private)[-_ ]?keys?|tokens?|secrets?|passw(?:or)?ds?|passphrase|credentials?|authorization|cookie)$/i
/** `max_tokens` is a number, and no credential. */
const countedName = /tokens?$/i
const mask = '••••'

/** The configuration of a workflow as the Python program kept it with a run, without credentials; null for none. */
export function shownConfig(snapshot: string | null): string | null {
  const text = snapshot?.trim() ?? ''
  if (!/^\{\s*"/.test(text)) return null
  try {
    return JSON.stringify(exactValue(text), masked)
  } catch {
    // It is no JSON, or nested so deep that nobody reads it.
    return null
  }
}

function masked(name: string, value: unknown): unknown {
  const isCount = countedName.test(name) && (typeof value === 'number' || JSON.isRawJSON(value))
  if (secretName.test(name) && !isCount && value !== null && typeof value !== 'boolean') return mask
  return typeof value === 'string' ? withoutUrlCredentials(value) : value
}
