import type { ReactNode } from 'react'
import type { ErrorData } from '../../shared/errors.ts'
import { paths } from '../routes.ts'
import { Button } from '../ui/button.tsx'
import { Skeleton } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { useWords } from '../words.tsx'
import { ErrorNote, SupportDetail } from './error-note.tsx'

interface LoadedProps<T> {
  readonly of: { readonly value: T | undefined; readonly error: ErrorData | null; readonly at: number }
  readonly lines?: number
  readonly children: (value: T, at: number) => ReactNode
}

/** A value in its four states: on its way, here, refused, and here with its connection gone. */
export function Loaded<T>(props: LoadedProps<T>) {
  const { say } = useWords()
  const { value, error, at } = props.of
  if (error) return <ErrorNote error={error} />
  if (value === undefined) return <Skeleton label={say('common.loading')} lines={props.lines ?? 4} />
  return props.children(value, at)
}

/** The same for the value that a whole screen is about: what is wrong becomes the screen. */
export function LoadedPage<T>(props: LoadedProps<T>) {
  const { say, explain } = useWords()
  const { value, error, at } = props.of
  if (error) {
    const text = explain(error)
    return (
      <Page name={text.what} title={text.what} lead={text.next}>
        <div className="row">
          <Button kind="primary" href={paths.site}>
            {say('frame.goSite')}
          </Button>
        </div>
        <SupportDetail error={error} />
      </Page>
    )
  }
  if (value === undefined) {
    return (
      <div className="page">
        <Skeleton label={say('common.loading')} lines={props.lines ?? 8} />
      </div>
    )
  }
  return props.children(value, at)
}
