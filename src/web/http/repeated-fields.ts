import { InvalidInputError } from '../../shared/errors.ts'
import { jsonEntries } from '../../shared/json.ts'

/** JSON.parse takes the last of them: a request must not mean less than it says. Undefined where no field is repeated. */
export function repeatedField(json: string): InvalidInputError | undefined {
  if (!json.trimStart().startsWith('{')) return undefined
  const seen = new Set<string>()
  for (const [name] of jsonEntries(json)) {
    if (seen.has(name)) {
      return new InvalidInputError([
        { field: name.toWellFormed(), message: `The field “${name.toWellFormed()}” can be given only once.` },
      ])
    }
    seen.add(name)
  }
  return undefined
}
