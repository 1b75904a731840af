/** Who asks for a change. */
export type Actor = { id: string }

/** Everyone who reaches the dashboard, which has no accounts. */
export const localActor: Actor = { id: 'local' }

/** The dashboard itself: it carries out what somebody has begun. */
export const dashboardActor: Actor = { id: 'dashboard' }
