import type { FoundRun } from '../../orchestrator/runs/commands.ts'
import type { UnsentInput } from '../../orchestrator/runs/unsent-inputs.ts'
import type { FieldError } from '../../shared/errors.ts'
import { jsonOpening } from '../../shared/json/opening.ts'
import { plural } from '../../shared/plural.ts'
import {
  type Budget,
  escapePointer,
  presentName,
  presentTree,
  type TreeNode,
  wholeBudget,
} from '../format/json-tree.ts'
import { paths } from '../http/paths.ts'
import { withReasons } from './input-reasons.ts'
import { readableOf } from './readable.ts'
import { presentShort, type ShortValue, textOf } from './values.ts'

type ShownInput = {
  name: string
  value: ShortValue | undefined
  /** Of a value that is not short: a text, or a tree. */
  text: string
  tree: TreeNode | undefined
  reasons: string[]
  /** What is said in place of a value. */
  note: string
}

export type ShownInputs = {
  inputs: ShownInput[]
  reasons: string[]
  /** Inputs that are no JSON object, as they are. */
  raw: string
  more: string
  /** Names of inputs that the schema has and that were not sent, where it names no default. */
  unsent: string
  rawPath: string
  treePath: string
  curlPath: string
}

const maxRead = 64 * 1024
const maxInputs = 40
const maxTextLength = 600
const maxUnsent = 20

export function presentInputs({ run, sentTo }: FoundRun, unsent: UnsentInput[]): ShownInputs {
  const text = run.inputs?.trim() ?? ''
  const shown = {
    rawPath: paths.payload(run.id, 'inputs'),
    treePath: paths.payloadTree(run.id, 'inputs'),
    curlPath: sentTo?.curl === undefined ? '' : paths.runCurl(run.id),
  }
  const isObject = text.startsWith('{') && readableOf(run, 'inputs', run.inputs!).problem === undefined
  if (!isObject) {
    const more = text.length > maxTextLength ? plural(text.length - maxTextLength, 'more character') : ''
    const reasons = run.errorFields.map(reasonOf)
    return { ...shown, inputs: withheld(run.withheld), reasons, raw: text.slice(0, maxTextLength), more, unsent: '' }
  }
  const { members, isWhole } = jsonOpening(text, maxRead, maxInputs)
  const [errors, others] = errorsBy(run.errorFields, [...members.map(({ name }) => name), ...run.withheld])
  const budget = wholeBudget()
  const sent = members.map(({ name, json, cutFrom }) =>
    presentInput(name, cutFrom === undefined ? json : text.slice(cutFrom), errors.get(name) ?? [], budget),
  )
  return {
    ...shown,
    inputs: [...sent, ...withheld(run.withheld, errors), ...unsent.slice(0, maxUnsent).flatMap(presentUnsent)],
    reasons: others.map(reasonOf),
    raw: '',
    more: isWhole ? '' : 'More inputs',
    unsent: namesOf(unsent),
  }
}

function presentInput(name: string, json: string, errors: FieldError[], budget: Budget): ShownInput {
  const own = errors.filter(({ field }) => field === '').map(({ message }) => message)
  const inner = errors.filter(({ field }) => field !== '')
  const input = { ...nothing, name: presentName(name), reasons: own }
  const value = presentShort(json)
  if (value) return { ...input, value, reasons: [...own, ...inner.map(reasonOf)] }
  if (json.startsWith('"')) {
    const text = textOf(json.slice(0, 2 * maxTextLength))
    const isCut = text.length > maxTextLength || json.length > 2 * maxTextLength
    return { ...input, text: isCut ? `${text.slice(0, maxTextLength).toWellFormed()}…` : text }
  }
  const tree = presentTree(json, `/${escapePointer(name)}`, 0, true, budget)!
  return { ...input, tree: withReasons(tree, inner) }
}

const nothing: ShownInput = { name: '', value: undefined, text: '', tree: undefined, reasons: [], note: '' }

function presentUnsent({ name, defaultJson }: UnsentInput): ShownInput[] {
  const short = defaultJson === undefined ? undefined : presentShort(defaultJson)
  if (!short) return []
  return [{ ...nothing, name, note: `not sent · default ${short.tags.join(', ') || short.text}` }]
}

function namesOf(unsent: UnsentInput[]): string {
  const names = unsent.filter((input) => presentUnsent(input).length === 0).map(({ name }) => name)
  const more = names.length - maxUnsent
  return more > 0 ? `${names.slice(0, maxUnsent).join(', ')} and ${more} more` : names.join(', ')
}

function withheld(names: string[], errors = new Map<string, FieldError[]>()): ShownInput[] {
  return names.map((name) => ({
    ...nothing,
    name,
    note: 'sent, not kept',
    reasons: (errors.get(name) ?? []).map(reasonOf),
  }))
}

const reasonOf = ({ field, message }: FieldError) => (field === '' ? message : `${field}: ${message}`)

/** By the input that an error is in, the rest of its place as the field; the longest name wins: names may have dots. */
function errorsBy(errors: FieldError[], names: string[]): [Map<string, FieldError[]>, FieldError[]] {
  const longest = names.toSorted((a, b) => b.length - a.length)
  const found = new Map<string, FieldError[]>()
  const others: FieldError[] = []
  for (const error of errors) {
    const name = longest.find((one) => one !== '' && `${error.field}.`.startsWith(`${one}.`))
    if (name === undefined) others.push(error)
    else found.set(name, [...(found.get(name) ?? []), { ...error, field: error.field.slice(name.length + 1) }])
  }
  return [found, others]
}
