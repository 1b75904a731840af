import { LRUCache } from 'lru-cache'
import type { Caller } from '../shared/actor.ts'
import { ForbiddenError } from '../shared/errors.ts'
import { includesRole, type Role } from '../shared/role.ts'
import { type Need, serviceNeeds } from './needs.ts'
import type { Service } from './service.ts'

type Method = (...given: unknown[]) => unknown
type Methods = { [name: string]: Method | Methods }
type Needs = { [name: string]: Need<unknown[]> | Needs }

const maxCallers = 100
const maxLists = 50

/** Gives whoever calls the methods that they may call; the others refuse. What says nothing of its needs is not there.
 * Who sees some agents alone calls those of `about`, which is made once for each list. */
export function createServiceFor(
  all: Service,
  about: (agents: readonly string[]) => Service,
): (caller: Caller) => Service {
  const known = new LRUCache<string, Service>({ max: maxCallers })
  const ofLists = new LRUCache<string, Methods>({ max: maxLists })

  const needs = serviceNeeds as unknown as Needs
  const methods = all as unknown as Methods

  return (caller) => {
    const key = JSON.stringify([caller.role, caller.agents])
    const service = known.get(key) ?? (methodsFor(caller, needs, methodsAbout(caller.agents)) as unknown as Service)
    known.set(key, service)
    return service
  }

  function methodsAbout(agents: readonly string[] | null): Methods {
    if (agents === null) return methods
    const list = [...new Set(agents)].sort()
    const key = JSON.stringify(list)
    const some = ofLists.get(key) ?? (about(list) as unknown as Methods)
    ofLists.set(key, some)
    return some
  }
}

function methodsFor(caller: Caller, needs: Needs, all: Methods): Methods {
  return Object.fromEntries(
    Object.entries(needs).map(([name, need]) => {
      const method = all[name]!
      return isNeed(need)
        ? [name, methodFor(caller, need, method as Method)]
        : [name, methodsFor(caller, need, method as Methods)]
    }),
  )
}

function methodFor(caller: Caller, { needs, about, isForAgents }: Need<unknown[]>, method: Method): Method {
  if (typeof method !== 'function') throw new Error('A method is named in needs.ts, and is not there')
  if (about === 'all' && caller.agents !== null)
    return refuse('This is about all agents, and you may see only some of them.')
  if (caller.role === 'agent' && isForAgents) return method
  if (typeof needs !== 'function') return mayCall(caller, needs) ? method : refuseWithout(needs)
  return (...given) => {
    const needed = needs(...given)
    return (mayCall(caller, needed) ? method : refuseWithout(needed))(...given)
  }
}

function isNeed(need: Needs[string]): need is Need<unknown[]> {
  return 'needs' in need && 'about' in need
}

function mayCall({ role }: Caller, needed: Role): boolean {
  if (needed === 'anyone') return true
  if (role === 'agent') return needed === 'agent'
  return includesRole(role, needed === 'agent' ? 'admin' : needed)
}

const refuseWithout = (needed: Role) => refuse(`This needs the role ${needed}.`)

function refuse(message: string): Method {
  return () => {
    throw new ForbiddenError(message)
  }
}
