import { jsonItems, jsonMembers, jsonObject } from '../../shared/json.ts'
import { bothOf, type Members } from './merge.ts'
import { createPointerFinder } from './pointers.ts'

const maxDepth = 16
/** How often a schema may be inside itself. */
const maxRecursion = 4
const maxOutlines = 100
const maxOutlineLength = 10_000
/** Each use of a $ref counts: definitions that use each other twice grow without end. */
const maxTypes = 8000
const maxCharacters = 4 * 1024 * 1024
const maxRefsInARow = 10

export type SchemaReading = {
  /** One level deeper; undefined when `text` is no object, or a limit is reached. */
  enter<T>(text: string, read: (members: Members) => T): T | undefined
  /** With the members of its `$ref` and `allOf`; its own win. */
  resolved(members: Members): Members
  /** The schema with what its reference leads to, for people; undefined when it is too long. */
  outline(text: string): string | undefined
  hasRoomFor(more: number): boolean
  bothOf(one: Members, other: Members): Members
  within(root: string): SchemaReading
}

/** Reads a schema within limits. References are looked up in `roots`, first match first. */
export function createSchemaReading(roots: string[]): SchemaReading {
  const open: string[] = []
  let outlines = 0
  let types = 0
  let characters = 0

  function mayRead(text: string): boolean {
    characters += text.length
    return characters <= maxCharacters
  }

  const membersOf = (text: string): Members | undefined => (mayRead(text) ? jsonMembers(text) : undefined)
  const both = (one: Members, other: Members) => bothOf(one, other, mayRead)

  function reading(finders: ((pointer: string) => string | undefined)[]): SchemaReading {
    const target = (pointer: string) => {
      for (const find of finders) {
        const text = find(pointer)
        if (text !== undefined) return text
      }
      return undefined
    }

    function followed(members: Members): Members {
      let all = members
      for (let hops = 0; hops < maxRefsInARow; hops++) {
        const ref = all.get('$ref')
        if (ref === undefined) return all
        const text = /^"#[^"\\]*"$/.test(ref) ? target(ref.slice(1, -1)) : undefined
        const own = [...all].filter(([name]) => name !== '$ref')
        all = new Map([...(membersOf(text ?? '') ?? []), ...own])
      }
      return new Map([...all].filter(([name]) => name !== '$ref'))
    }

    function resolved(members: Members, nested = 0): Members {
      const own = new Map(followed(members))
      const parts = own.get('allOf') ?? ''
      if (!parts.startsWith('[') || nested >= maxRefsInARow) return own
      own.delete('allOf')
      let all: Members = new Map()
      for (const part of jsonItems(parts)!) {
        const read = ++types > maxTypes ? undefined : membersOf(part)
        if (read) all = both(all, resolved(read, nested + 1))
      }
      return both(all, own)
    }

    return {
      enter(text, read) {
        if (open.length >= maxDepth || ++types > maxTypes) return undefined
        if (open.filter((one) => one === text).length >= maxRecursion) return undefined
        open.push(text)
        try {
          const members = membersOf(text)
          return members && read(members)
        } finally {
          open.pop()
        }
      },

      outline(text) {
        const members = ++outlines > maxOutlines ? undefined : membersOf(text)
        const outline = members && jsonObject(resolved(members))
        return outline && outline.length <= maxOutlineLength ? outline : undefined
      },

      resolved,

      bothOf: both,

      hasRoomFor: (more) => types + more <= maxTypes,

      within: (root) => reading([createPointerFinder(root, membersOf), ...finders]),
    }
  }

  return reading(roots.map((root) => createPointerFinder(root, membersOf)))
}
