import type { Input, InputType, ReadType, SimpleType } from './input-type.ts'
import {
  allOf,
  pathsOfItems,
  pathsOfMember,
  pathsOfOtherMembers,
  type SecretPaths,
  wholeSecret,
} from './secret-paths.ts'

/** Marks the inputs that hold passwords. Their defaults and examples are not shown. */
export function markSecrets(inputs: Input[], paths: SecretPaths[]): Input[] {
  const all = allOf(paths)
  const isWhole = all.some(({ isSecret }) => isSecret)
  return inputs.map((input) => {
    const own = isWhole ? [wholeSecret()] : allOf(pathsOfMember(all, input.name))
    if (own.length === 0) return input
    const { defaultJson, ...rest } = input
    return { ...rest, examples: [], holdsSecret: true, type: marked(input.type, own) }
  })
}

function marked(type: InputType, all: SecretPaths[]): InputType {
  const isSecret = all.some((one) => one.isSecret)
  const items = isSecret ? [wholeSecret()] : allOf(pathsOfItems(all))
  const part = (read: ReadType, paths: SecretPaths[]) => ({ ...read, type: marked(read.type, paths) })
  switch (type.kind) {
    case 'text':
      return isSecret ? { ...type, isSecret } : type
    case 'list':
      return { ...type, items: marked(type.items, items) as SimpleType }
    case 'rows':
      return { ...type, item: part(type.item, items) }
    case 'tuple':
      return { ...type, items: type.items.map((one) => part(one, items)) }
    case 'map':
      return { ...type, value: part(type.value, isSecret ? items : allOf(pathsOfOtherMembers(all))) }
    case 'union':
      return { ...type, variants: type.variants.map((one) => part(one, all)) }
    case 'group':
      return { ...type, inputs: markSecrets(type.inputs, all) }
    default:
      return type
  }
}
