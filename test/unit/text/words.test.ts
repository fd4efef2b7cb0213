import { describe, expect, test } from 'vitest'
import { factsOf, isWellFormed } from '../../../renderer/text/fill.ts'
import { LANGUAGES } from '../../../renderer/text/language.ts'
import { CATALOGUES, voice } from '../../../renderer/text/say.ts'
import { AuditAction } from '../../../shared/model/audit.ts'

/** `site.summary` -> its text, for one language. */
const flat = (language: (typeof LANGUAGES)[number]) =>
  Object.entries(CATALOGUES[language]).flatMap(([section, texts]) =>
    Object.entries(texts as Readonly<Record<string, string>>).map(
      ([name, text]) => [`${section}.${name}`, text] as const,
    ),
  )
const english = new Map(flat('en'))
const facts = (text: string) => [...new Set(factsOf(text))].sort()

describe.each(LANGUAGES)('words in %s', (language) => {
  const texts = flat(language)

  test('are there for every key, and for no other', () => {
    expect(texts.map(([key]) => key).sort()).toEqual([...english.keys()].sort())
  })

  test('are well formed and use the same facts as the English ones', () => {
    const wrong = texts.filter(([key, text]) => {
      const same = JSON.stringify(facts(text)) === JSON.stringify(facts(english.get(key) ?? ''))
      return !same || !isWellFormed(text) || text.trim() === ''
    })
    expect(wrong).toEqual([])
  })

  test('do not shout, and are set cleanly', () => {
    const odd = texts.filter(([, text]) => /!|\.\.| {2}| [.,;:!?]|^\s|\s$/.test(text.replace(/[¡¿]/g, '')))
    expect(odd).toEqual([])
  })

  test('are short where there is little room', () => {
    const { say } = voice(language)
    for (const key of [
      'frame.site',
      'frame.plans',
      'frame.runs',
      'frame.sync',
      'frame.audit',
      'frame.settings',
    ] as const) {
      expect(say(key).length, key).toBeLessThanOrEqual(13)
    }
    for (const key of [
      'run.check',
      'run.stage',
      'run.safe',
      'run.write',
      'run.restart',
      'run.verify',
      'run.confirm',
    ] as const) {
      expect(say(key).length, key).toBeLessThanOrEqual(11)
    }
  })

  test('name every action of the log', () => {
    const { say } = voice(language)
    for (const action of AuditAction.options) expect(say(`audit.${action}`)).not.toContain('.')
  })
})

test('plurals follow the number', () => {
  const { say } = voice('en')
  expect(say('site.needUpdate', { n: 1 })).toBe('1 needs an update')
  expect(say('site.needUpdate', { n: 3 })).toBe('3 need an update')
  expect(voice('de').say('site.allRight', { all: 18 })).toBe('Alle 18 Geräte haben, was sie haben sollen.')
  expect(voice('de').say('site.allRight', { all: 1 })).toBe('Das eine Gerät hat, was es haben soll.')
})
