import { jsonItems, jsonMembers } from '../../shared/json.ts'
import { bothOf, type Members } from './merge.ts'
import { createPlaces } from './pointers.ts'

const deepest = 10
/** Types that are read in all, each use of a $ref counted: definitions that use each other twice grow without end. */
const mostTypes = 8000
/** Characters that are looked through in all. */
const mostCharacters = 4 * 1024 * 1024
const mostRefsInARow = 10

export type SchemaReading = {
  /** Reads the members of an object, one level deeper; undefined when `text` is none, or all of this is too much. */
  enter<T>(text: string, read: (members: Members) => T): T | undefined
  /**
   * Members with those of what their `$ref` leads to, and of all that their `allOf` names; their own count more. Refs
   * to elsewhere lead nowhere.
   */
  resolved(members: Members): Members
  hasRoomFor(more: number): boolean
  /** One schema for what has to fit both. */
  bothOf(one: Members, other: Members): Members
  /** The same reading, with references that lead into `root` first. */
  within(root: string): SchemaReading
}

/**
 * What one reading of a schema may cost, and where its local references lead: into `roots`, the first that has the
 * place. A schema is anything that an agent may send; beyond the limits everything is a JSON field.
 */
export function createSchemaReading(roots: string[]): SchemaReading {
  let depth = 0
  let types = 0
  let characters = 0

  function mayRead(text: string): boolean {
    characters += text.length
    return characters <= mostCharacters
  }

  const membersOf = (text: string): Members | undefined => (mayRead(text) ? jsonMembers(text) : undefined)
  const both = (one: Members, other: Members) => bothOf(one, other, mayRead)

  function reading(places: ((place: string) => string | undefined)[]): SchemaReading {
    const target = (place: string) => {
      for (const find of places) {
        const text = find(place)
        if (text !== undefined) return text
      }
      return undefined
    }

    /** Members without their `$ref`, and with what it leads to. */
    function followed(members: Members): Members {
      let all = members
      for (let hops = 0; hops < mostRefsInARow; hops++) {
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
      if (!parts.startsWith('[') || nested >= mostRefsInARow) return own
      own.delete('allOf')
      let all: Members = new Map()
      for (const part of jsonItems(parts)!) {
        const read = ++types > mostTypes ? undefined : membersOf(part)
        if (read) all = both(all, resolved(read, nested + 1))
      }
      return both(all, own)
    }

    return {
      enter(text, read) {
        if (depth >= deepest || ++types > mostTypes) return undefined
        depth++
        try {
          const members = membersOf(text)
          return members && read(members)
        } finally {
          depth--
        }
      },

      resolved,

      bothOf: both,

      hasRoomFor: (more) => types + more <= mostTypes,

      within: (root) => reading([createPlaces(root, membersOf), ...places]),
    }
  }

  return reading(roots.map((root) => createPlaces(root, membersOf)))
}
