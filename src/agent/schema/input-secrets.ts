import type { Input, InputType } from './input-type.ts'
import { allOf, placesOfItems, placesOfMember, type SecretPlaces, wholeSecret } from './secret-places.ts'

/** Inputs that know of the passwords in them. What an agent names as their default or as examples is not shown. */
export function markSecrets(inputs: Input[], places: SecretPlaces[]): Input[] {
  const all = allOf(places)
  const isWhole = all.some(({ isSecret }) => isSecret)
  return inputs.map((input) => {
    const own = isWhole ? [wholeSecret()] : allOf(placesOfMember(all, input.name))
    if (own.length === 0) return input
    const { defaultJson, ...rest } = input
    return { ...rest, examples: [], holdsSecret: true, type: marked(input.type, own) }
  })
}

function marked(type: InputType, all: SecretPlaces[]): InputType {
  const isSecret = all.some((one) => one.isSecret)
  switch (type.kind) {
    case 'text':
      return isSecret ? { ...type, isSecret } : type
    case 'list': {
      const isAnyItem = isSecret || allOf(placesOfItems(all)).some((one) => one.isSecret)
      return isAnyItem && type.items.kind === 'text' ? { ...type, items: { ...type.items, isSecret: true } } : type
    }
    case 'group':
      return { ...type, inputs: markSecrets(type.inputs, all) }
    default:
      return type
  }
}
