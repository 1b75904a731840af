import { jsonEntries } from './members.ts'

/** `cutFrom`: where the value begins that was cut off, in the text. */
type OpeningMember = { name: string; json: string; cutFrom: number | undefined }

export type JsonOpening = { members: OpeningMember[]; isWhole: boolean }

/** The first members or items of a text that is JSON, as raw texts, without reading further than `maxCharacters`. */
export function jsonOpening(text: string, maxCharacters: number, maxMembers: number): JsonOpening {
  const read = text.slice(0, maxCharacters)
  const members: OpeningMember[] = []
  try {
    for (const [name, json] of jsonEntries(read)) {
      if (members.length === maxMembers) return { members, isWhole: false }
      members.push({ name, json, cutFrom: undefined })
    }
  } catch (error) {
    // A name that is cut off is no JSON.
    if (!(error instanceof SyntaxError)) throw error
  }
  if (read.length === text.length) return { members, isWhole: true }
  const last = members.at(-1)
  if (last && read.endsWith(last.json)) last.cutFrom = read.length - last.json.length
  return { members, isWhole: false }
}
