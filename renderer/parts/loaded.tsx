import type { ReactNode } from 'react'
import type { ErrorData } from '../../shared/errors.ts'
import { Skeleton } from '../ui/empty.tsx'
import { useWords } from '../words.tsx'
import { ErrorNote } from './error-note.tsx'

/** A watched value in its four states: on its way, here, refused, and here with its connection gone. */
export function Loaded<T>(props: {
  readonly of: { readonly value: T | undefined; readonly error: ErrorData | null; readonly at: number }
  readonly lines?: number
  readonly children: (value: T, at: number) => ReactNode
}) {
  const { say } = useWords()
  const { value, error, at } = props.of
  if (error) return <ErrorNote error={error} />
  if (value === undefined) return <Skeleton label={say('common.loading')} lines={props.lines ?? 4} />
  return props.children(value, at)
}
