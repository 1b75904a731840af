/** `npm test` kills three. `npm run test:cluster` kills 500, and has dashboards lose the database and stand still too. */
export const isLong = process.env.KILLS !== undefined

export const kills = Number(process.env.KILLS ?? 3)

export const timeout = 60_000 + kills * 10_000
