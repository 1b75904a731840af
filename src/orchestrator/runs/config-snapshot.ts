import { withoutUrlCredentials } from '../../agent/http/header-redaction.ts'
import { exactValue } from '../../shared/json.ts'

const secretName =
  /(?:(?:api|access|private)[-_ ]?keys?|tokens?|secrets?|passw(?:or)?ds?|passphrase|credentials?|authorization|cookie)$/i
const tokenCount = /tokens?$/i
const mask = '••••'

export function shownConfig(snapshot: string | null): string | null {
  const text = snapshot?.trim() ?? ''
  if (!/^\{\s*"/.test(text)) return null
  try {
    return JSON.stringify(exactValue(text), masked)
  } catch {
    return null
  }
}

function masked(name: string, value: unknown): unknown {
  const isCount = tokenCount.test(name) && (typeof value === 'number' || JSON.isRawJSON(value))
  if (secretName.test(name) && !isCount && value !== null && typeof value !== 'boolean') return mask
  return typeof value === 'string' ? withoutUrlCredentials(value) : value
}
