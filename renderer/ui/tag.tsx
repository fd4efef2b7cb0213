import { TagColor } from '@oicl/openbridge-webcomponents/dist/components/tag/tag.js'
import { ObcTag } from '@oicl/openbridge-webcomponents-react/components/tag/tag'

export type TagTone = 'plain' | 'accent' | 'good' | 'caution' | 'warning' | 'alarm'

const COLOURS: Readonly<Record<TagTone, TagColor>> = {
  plain: TagColor.gray,
  accent: TagColor.blue,
  good: TagColor.green,
  caution: TagColor.yellow,
  warning: TagColor.orange,
  alarm: TagColor.red,
}

/** One word about a thing. */
export function Tag(props: { readonly children: string; readonly tone?: TagTone }) {
  return <ObcTag label={props.children} color={COLOURS[props.tone ?? 'plain']} />
}
