import { readableText } from '../../shared/json/escapes.ts'
import { isJson, jsonEntries } from '../../shared/json.ts'
import { plural } from '../../shared/plural.ts'
import type { Steps } from './markdown-steps.ts'
import { presentLinks, presentProse, stepsOfPage, type TextPart } from './prose.ts'

export type TreeNode = {
  kind: 'object' | 'list' | 'string' | 'number' | 'word'
  /** The name in an object or the index in a list; undefined at the top. */
  name: string | undefined
  text: string
  parts: TextPart[] | undefined
  hidden: string
  /** Safe HTML of a text that is Markdown. */
  prose: string | undefined
  children: TreeNode[]
  /** Where the tree was cut: the JSON pointer (undefined when too long to ask for), and how many members come before. */
  cut: { at: string | undefined; from: number } | undefined
  reasons?: string[]
}

/** What may still be laid out, for all trees of a page together. */
export type Budget = { nodes: number; characters: number; scanned: number; steps: Steps }

const maxNodes = 200
const maxCharacters = 64 * 1024
/** Each level scans those below again. */
const maxScanned = 24 * 1024 * 1024
const maxTextLength = 32 * 1024
const maxProseLength = 200_000
const maxDepth = 40
const maxNameLength = 500
const maxPointerLength = 8000

export function wholeBudget(): Budget {
  return { nodes: maxNodes, characters: maxCharacters, scanned: maxScanned, steps: { left: stepsOfPage } }
}

/** Undefined when `text` is not JSON. Large trees are cut; the rest is asked for by `at` (JSON pointer) and `from`
 * (members to skip). */
export function presentTree(
  text: string,
  at = '',
  from = 0,
  isReadable = isJson(text),
  budget = wholeBudget(),
): TreeNode | undefined {
  if (!isReadable) return undefined
  return nodeOf(undefined, text.trim(), at, budget, 0, from)
}

function nodeOf(name: string | undefined, text: string, at: string, budget: Budget, depth: number, from = 0): TreeNode {
  budget.nodes--
  if (text[0] === '{' || text[0] === '[') return containerOf(name, text, at, budget, depth, from)
  const shown = text.slice(0, maxTextLength)
  const isString = text[0] === '"'
  const isWhole = shown.length === text.length
  const isProse = isString && text.length <= maxProseLength
  const prose = isProse ? presentProse(readableText(text).slice(1, -1), budget.steps) : undefined
  budget.characters -= shown.length + (prose?.length ?? 0)
  const read = isString ? readableText(shown) : shown
  return {
    kind: isString ? 'string' : /^[-\d]/.test(text) ? 'number' : 'word',
    name,
    text: read,
    parts: isString ? presentLinks('"', read.slice(1, isWhole ? -1 : undefined), isWhole ? '"' : '') : undefined,
    hidden: isWhole ? '' : plural(text.length - shown.length, 'more character'),
    prose,
    children: [],
    cut: undefined,
  }
}

function containerOf(
  name: string | undefined,
  text: string,
  at: string,
  budget: Budget,
  depth: number,
  from: number,
): TreeNode {
  const kind = text[0] === '{' ? 'object' : 'list'
  const rest = { text: '', parts: undefined, hidden: '', prose: undefined, cut: undefined }
  const node: TreeNode = { kind, name, children: [], ...rest }
  let index = 0
  for (const [member, value] of jsonEntries(text)) {
    if (index >= from) {
      if (budget.nodes <= 0 || budget.characters <= 0 || budget.scanned <= 0 || depth >= maxDepth) {
        node.cut = { at: isAskable(at) ? at : undefined, from: index }
        break
      }
      budget.characters -= member.length
      budget.scanned -= value.length
      node.children.push(nodeOf(presentName(member), value, `${at}/${escapePointer(member)}`, budget, depth + 1))
    }
    index++
  }
  return node
}

export function presentName(name: string): string {
  return name.length > maxNameLength ? `${name.slice(0, maxNameLength).toWellFormed()}…` : name
}

export function isAskable(pointer: string): boolean {
  return pointer.length <= maxPointerLength && encodeURIComponent(pointer.toWellFormed()).length <= maxPointerLength
}

export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
