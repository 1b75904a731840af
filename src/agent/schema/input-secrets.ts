import type { Input, InputType } from './input-type.ts'
import { allOf, pathsOfItems, pathsOfMember, type SecretPaths, wholeSecret } from './secret-paths.ts'

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
  switch (type.kind) {
    case 'text':
      return isSecret ? { ...type, isSecret } : type
    case 'list': {
      const isAnyItem = isSecret || allOf(pathsOfItems(all)).some((one) => one.isSecret)
      return isAnyItem && type.items.kind === 'text' ? { ...type, items: { ...type.items, isSecret: true } } : type
    }
    case 'group':
      return { ...type, inputs: markSecrets(type.inputs, all) }
    default:
      return type
  }
}
