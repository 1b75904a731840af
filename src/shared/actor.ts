export type Actor = { id: string }

/** Everyone who reaches the dashboard: it has no accounts. */
export const localActor: Actor = { id: 'local' }

export const dashboardActor: Actor = { id: 'dashboard' }
