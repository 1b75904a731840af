import { z } from 'zod'
import { json, jsonOrPage, problems } from '../http/answers.ts'

const tags = ['Saved views']
const view = z
  .strictObject({ view_id: z.string(), name: z.string(), filter: z.string(), url: z.string().describe('The list') })
  .meta({ id: 'SavedView', description: 'A filter of the history that people keep' })
const byView = z.object({
  id: z.string().meta({ description: 'View ID', examples: ['0199b0c8-0000-7000-8000-000000000001'] }),
})
const name = z.string('Send the name of the view.')
const filter = z.string('Send the filter as the address of the list of runs, such as /runs?status=failed.')
const whole = 'Send the name of the view, and its filter.'

export const listViews = {
  tags,
  summary: 'Saved views',
  querystring: z.strictObject({}),
  response: {
    200: json('In the order in which they were saved', z.strictObject({ views: z.array(view) })),
    ...problems(422),
  },
}

export const addView = {
  tags,
  summary: 'Save a view',
  body: z.strictObject({ name, filter }, whole).meta({
    examples: [{ name: 'Failed this week', filter: 'status=failed&time=week' }],
  }),
  response: { 201: jsonOrPage('The view', view), ...problems(409, 422) },
}

export const renameView = {
  tags,
  summary: 'Rename a view',
  params: byView,
  body: z.strictObject({ name }, whole).meta({ examples: [{ name: 'Failures' }] }),
  response: { 200: jsonOrPage('The view', view), ...problems(404, 409, 422) },
}

export const askToDeleteView = {
  tags,
  summary: 'One view',
  params: byView,
  response: { 200: jsonOrPage('The view', view), ...problems(404) },
}

const deleted = { 204: z.null().describe('Deleted') }

export const deleteView = {
  tags,
  summary: 'Delete a view',
  params: byView,
  response: { ...deleted, ...problems(404) },
}

/** For forms, which know no DELETE. */
export const deleteViewByForm = { hide: true, params: byView, response: deleted }
