import type { FieldError } from '../../errors.ts'
import type { Input, InputSchema, TypedInputs } from '../../orchestrator/inputs.ts'
import type { Agent } from '../../orchestrator/registry.ts'

/** Before the name of an input in the names of a form's fields, so that no input can pose as another field. */
export const inputPrefix = 'input.'

type Filled = { typed?: TypedInputs; errors?: FieldError[] }

/** The form of the execute dialog; with what was typed and what is wrong with it, when it comes back. */
export function presentExecute(agent: Agent, schema: InputSchema, { typed = new Map(), errors = [] }: Filled = {}) {
  const fields = schema.inputs.map((input, index) => presentField(input, index, typed, errors))
  const firstWrong = fields.find(({ error }) => error !== '') ?? fields[0]
  return {
    ...presentTarget(agent),
    problem: '',
    workflow: schema.workflow ?? '',
    inputs: `${fields.length} ${fields.length === 1 ? 'input' : 'inputs'}`,
    fields: fields.map((field) => ({ ...field, isFirst: field === firstWrong })),
    errors: errors.length,
  }
}

/** The dialog when there is no schema to make a form from. */
export function presentExecuteProblem(agent: Agent, problem: string) {
  return { ...presentTarget(agent), problem, workflow: '', inputs: '', fields: [], errors: 0 }
}

function presentTarget({ id, name }: Agent) {
  return { name, path: `/orchestrator/${encodeURIComponent(id)}/execute` }
}

function presentField(input: Input, index: number, typed: TypedInputs, errors: FieldError[]) {
  const { name, type, typeLabel, isRequired, defaultJson, description } = input
  return {
    name: inputPrefix + name,
    label: name,
    id: `input-${index}`,
    control: type.kind,
    typeLabel,
    isRequired,
    description,
    default: defaultJson === undefined ? '' : shortDefault(defaultJson),
    value: typed.get(name) ?? '',
    error: errors.find(({ field }) => field === name)?.message ?? '',
  }
}

const longestDefault = 80

/** A string default reads better without its quotes, unless it is empty or looks like something else. */
function shortDefault(json: string): string {
  const text = /^"[^"\\\d{[]+"$/.test(json) && !/^"(true|false|null)"$/.test(json) ? json.slice(1, -1) : json
  return text.length > longestDefault ? `${text.slice(0, longestDefault)}…` : text
}
