import { pointerTo } from '../../../src/shared/fields/pointers.ts'
import { prefixes } from '../../../src/web/forms/typed-form.ts'

/** The name of the control that holds the value of an input. */
export const controlName = (input: string): string => prefixes.value + pointerTo('', input)

/** What a browser sends of an execute form in which these inputs were filled in. */
export function filledIn(inputs: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(inputs).map(([input, value]) => [controlName(input), value]))
}
