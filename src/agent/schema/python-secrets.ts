import { parsePythonType, type WrittenType } from './python-type.ts'
import { noSecret, type SecretPlaces, wholeSecret } from './secret-places.ts'

const secrets = new Set(['secretstr', 'secretbytes', 'secret'])
/** What stands in the brackets of these is said of the value itself. */
const wrappers = new Set(['optional', 'union', 'annotated', 'required', 'notrequired', 'readonly', 'final', 'literal'])
const lists = new Set(['list', 'array', 'tuple', 'set', 'frozenset', 'sequence', 'iterable', 'deque'])
const dicts = new Set(['dict', 'mapping', 'mutablemapping', 'defaultdict', 'ordereddict'])

const secretWord = /\bSecret(Str|Bytes)?\b/i

/** Where secrets stand in a value of this type: `list[SecretStr]`, `dict[str, SecretStr | None]`. */
export function pythonSecrets(text: string): SecretPlaces {
  if (!secretWord.test(text)) return noSecret()
  const written = parsePythonType(text)
  // What cannot be read may hold a secret anywhere.
  return written ? placesOf(written) : wholeSecret()
}

function placesOf(written: WrittenType): SecretPlaces {
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
