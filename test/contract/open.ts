import type { Store } from '../../src/store/ports.ts'

/** Gives an empty store, which is closed when the test ends. */
export type OpenStore = () => Store | Promise<Store>
