import type { FoundRun } from '../../orchestrator/runs/commands.ts'
import { jsonOpening } from '../../shared/json/opening.ts'
import { plural } from '../../shared/plural.ts'
import {
  type Budget,
  escapePointer,
  isAskable,
  presentName,
  presentTree,
  type TreeNode,
  wholeBudget,
} from '../format/json-tree.ts'
import { formatNumber } from '../format/numbers.ts'
import { presentLinks, presentProse, type TextPart } from '../format/prose.ts'
import { paths } from '../http/paths.ts'
import { presentAnswerKind } from './answer-kind.ts'
import { presentLinkList, type ShownLink } from './links.ts'
import { readableOf } from './readable.ts'
import { presentShort, type ShortValue, textOf } from './values.ts'

/** `name` is empty where the result is one value. */
type Text = {
  kind: 'text'
  name: string
  isDocument: boolean
  note: string
  /** Safe HTML; else the text is shown as it is, in parts where it has links. */
  prose: string | undefined
  text: string
  parts: TextPart[] | undefined
  hidden: string
  wholePath: string
}
type Links = { kind: 'links'; name: string; note: string; links: ShownLink[]; more: string }
type Tree = { kind: 'tree'; name: string; note: string; tree: TreeNode; treePath: string }
type Fields = { kind: 'fields'; fields: (ShortValue & { name: string })[] }
type Output = Text | Links | Tree | Fields

export type Result = {
  outputs: Output[]
  note: string
  /** Of the document, else of all outputs. */
  copyPath: string
  isCut: boolean
}

/** Of a cut text only the start is there; another cut value goes on to the end of the outputs. */
type Found = { name: string; at: string; json: string; isCut: boolean }

const maxRead = 256 * 1024
const maxMembers = 60
const maxTextLength = 64 * 1024
const maxLinks = 50

/** Undefined where there are no outputs. What is long is read in its beginning alone. */
export function presentResult(found: FoundRun): Result | undefined {
  const { run } = found
  const { outputs } = run
  if (outputs === null || outputs === '') return undefined
  const note = presentAnswerKind(found)
  const whole = { note, copyPath: paths.payload(run.id, 'outputs') }
  if (readableOf(run, 'outputs', outputs).problem) {
    return {
      ...whole,
      outputs: [asText('', outputs, whole.copyPath, { isDocument: true, isPlain: true })],
      isCut: false,
    }
  }
  const { members, isWhole } = membersOf(outputs.trim())
  const document = documentOf(members)
  const budget = wholeBudget()
  const shown = members
    .toSorted((a, b) => Number(b === document) - Number(a === document))
    .map((member) => presentMember(run.id, member, member === document, budget))
  const fields = shown.filter((one) => one.kind === 'field').map(({ kind: _, ...field }) => field)
  return {
    note,
    copyPath: document ? pathOf(run.id, document.at) : whole.copyPath,
    outputs: [
      ...shown.filter((one) => one.kind !== 'field'),
      ...(fields.length > 0 ? [{ kind: 'fields' as const, fields }] : []),
    ],
    isCut: !isWhole,
  }
}

/** Of an object in an object alone, the members of the inner one. */
function membersOf(text: string): { members: Found[]; isWhole: boolean } {
  if (!text.startsWith('{')) {
    // A list is read as far as its tree is shown.
    const json = text.startsWith('[') ? text : text.slice(0, maxRead)
    return { members: [{ name: '', at: '', json, isCut: json.length < text.length }], isWhole: true }
  }
  const outer = openingOf(text, '', '')
  const [only] = outer.members
  const isWrapped = only !== undefined && outer.members.length === 1 && /^\{\s*"/.test(only.json)
  return isWrapped ? openingOf(only.json, `${only.name}.`, only.at) : outer
}

function openingOf(text: string, before: string, at: string): { members: Found[]; isWhole: boolean } {
  const { members, isWhole } = jsonOpening(text, maxRead, maxMembers)
  const found = members.map(({ name, json, cutFrom }) => ({
    name: presentName(before + name),
    at: `${at}/${escapePointer(name)}`,
    json: cutFrom === undefined || json.startsWith('"') ? json : text.slice(cutFrom),
    isCut: cutFrom !== undefined,
  }))
  return { members: found, isWhole }
}

/** The longest text that is more than a line. */
function documentOf(members: Found[]): Found | undefined {
  const texts = members.filter(({ json, isCut }) => json.startsWith('"') && (isCut || !presentShort(json)))
  return texts.sort((a, b) => b.json.length - a.json.length)[0]
}

function presentMember(id: string, member: Found, isDocument: boolean, budget: Budget) {
  const { name, json, at, isCut } = member
  const short = isCut ? undefined : presentShort(json)
  if (short) return { kind: 'field' as const, name, ...short }
  if (json.startsWith('"')) return asText(name, textOf(json), pathOf(id, at), { isDocument, isCut, budget })
  const links = isCut ? undefined : presentLinkList(json)
  if (links) {
    const more = links.length > maxLinks ? formatNumber(links.length - maxLinks) : ''
    return { kind: 'links' as const, name, note: plural(links.length, 'item'), links: links.slice(0, maxLinks), more }
  }
  const tree = presentTree(json, at, 0, true, budget)!
  const note = tree.cut ? '' : plural(tree.children.length, tree.kind === 'list' ? 'item' : 'value')
  return { kind: 'tree' as const, name, note, tree, treePath: paths.payloadTree(id, 'outputs') }
}

function pathOf(id: string, at: string): string {
  return paths.payload(id, 'outputs', at === '' || !isAskable(at) ? undefined : { at })
}

function asText(
  name: string,
  whole: string,
  wholePath: string,
  {
    isDocument,
    isCut = false,
    isPlain = false,
    budget,
  }: {
    isDocument: boolean
    isCut?: boolean
    isPlain?: boolean
    budget?: Budget
  },
): Text {
  const prose = isCut || isPlain || !budget ? undefined : presentProse(whole, budget.steps, isDocument)
  const text = prose === undefined ? whole.slice(0, maxTextLength) : ''
  const isLong = prose === undefined && (isCut || text.length < whole.length)
  const count = isLong ? '' : plural(countWords(whole), 'word')
  return {
    kind: 'text',
    name,
    isDocument,
    note: [prose === undefined ? 'Text' : 'Markdown', count].filter(Boolean).join(' · '),
    prose,
    text,
    parts: prose === undefined ? presentLinks('', text, '') : undefined,
    hidden: isLong ? (isCut ? 'This is the start.' : `${plural(whole.length - text.length, 'more character')}.`) : '',
    wholePath,
  }
}

/** Marks of Markdown that stand alone are no words. */
const countWords = (text: string) => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length
