import { parsePythonType, type WrittenType } from './python-type.ts'
import { noSecret, type SecretPaths, wholeSecret } from './secret-paths.ts'

const secrets = new Set(['secretstr', 'secretbytes', 'secret'])
/** Their argument describes the same value. */
const wrappers = new Set(['optional', 'union', 'annotated', 'required', 'notrequired', 'readonly', 'final', 'literal'])
const lists = new Set(['list', 'array', 'tuple', 'set', 'frozenset', 'sequence', 'iterable', 'deque'])
const dicts = new Set(['dict', 'mapping', 'mutablemapping', 'defaultdict', 'ordereddict'])

const secretWord = /\bSecret(Str|Bytes)?\b/i

export function pythonSecrets(text: string): SecretPaths {
  if (!secretWord.test(text)) return noSecret()
  const written = parsePythonType(text)
  // What cannot be read may hold a secret anywhere.
  return written ? placesOf(written) : wholeSecret()
}

function placesOf(written: WrittenType): SecretPaths {
  const { name, inner = [] } = written
  if (secrets.has(name)) return wholeSecret()
  if (wrappers.has(name)) return { ...noSecret(), same: inner.map(placesOf) }
  if (lists.has(name)) return { ...noSecret(), items: inner.map(placesOf) }
  if (dicts.has(name) && inner.length === 2 && !holds(inner[0]!)) {
    return { ...noSecret(), otherMembers: [placesOf(inner[1]!)] }
  }
  return inner.some(holds) ? wholeSecret() : noSecret()
}

function holds({ name, inner = [] }: WrittenType): boolean {
  return secrets.has(name) || inner.some(holds)
}
