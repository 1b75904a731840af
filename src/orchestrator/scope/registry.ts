import { ForbiddenError, NotFoundError } from '../../shared/errors.ts'
import type { Registry } from '../registry/registry.ts'
import type { Scope } from './scope.ts'

export function narrowRegistry(registry: Registry, { has }: Scope): Registry {
  /** As where there is no such agent. */
  function check(id: string): void {
    if (!has(id)) throw new NotFoundError('agent', id)
  }

  return {
    refresh: registry.refresh,
    version: registry.version,
    all: () => registry.all().filter(({ id }) => has(id)),
    newestFirst: () => registry.newestFirst().filter(({ id }) => has(id)),
    has: (id) => has(id) && registry.has(id),
    find: (id) => (has(id) ? registry.find(id) : undefined),
    callable: (id) => (has(id) ? registry.callable(id) : undefined),

    get(id) {
      check(id)
      return registry.get(id)
    },

    isExpired: registry.isExpired,
    withLife: registry.withLife,

    async save(registration) {
      if (!has(registration.id)) throw new ForbiddenError(`This token is not for the agent "${registration.id}".`)
      return registry.save(registration)
    },

    async edit(before, edit) {
      check(before.id)
      return registry.edit(before, edit)
    },

    async pause(id, at) {
      check(id)
      return registry.pause(id, at)
    },

    async beat(id) {
      check(id)
      return registry.beat(id)
    },

    async remove(id) {
      check(id)
      return registry.remove(id)
    },
  }
}
