import type { RunReport } from '../../../shared/contract/runs.ts'
import { AuditAction } from '../../../shared/model/audit.ts'
import { useAsk } from '../../api/host.tsx'
import { Conditions, wasRead } from '../../parts/conditions.tsx'
import { HealthMarks } from '../../parts/health-marks.tsx'
import { LoadedPage } from '../../parts/loaded.tsx'
import { useNames } from '../../parts/names.ts'
import { Versions } from '../../parts/versions.tsx'
import { paths } from '../../routes.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Page } from '../../ui/page.tsx'
import { useWords, type Words } from '../../words.tsx'
import './run.css'

/** What happened, in order, as the log has it: for the file of the machine. */
export function ReportScreen(props: { readonly run: string }) {
  const report = useAsk('runs.report', { run: props.run })
  return <LoadedPage of={report}>{(value) => <Report report={value} />}</LoadedPage>
}

function Report(props: { readonly report: RunReport }) {
  const { say, formats, explain } = useWords()
  const nameOf = useNames()
  const { run, timeline } = props.report
  return (
    <Page
      name={say('run.reportTitle')}
      title={say('run.reportTitle')}
      lead={say('run.reportLead', { plan: run.planTitle, device: run.deviceName, at: run.startedAt })}
      actions={
        <>
          <Button icon="print" onPress={() => window.print()}>
            {say('run.print')}
          </Button>
          <Button href={paths.run(run.id)}>{say('run.backToRun')}</Button>
        </>
      }
    >
      <Card>
        <Facts
          facts={[
            { name: say('run.outcome'), value: <strong>{say(`run.phase-${run.phase}`)}</strong> },
            run.result?.reason ? { name: '', value: explain(run.result.reason).what } : null,
            run.result?.also ? { name: say('run.also'), value: explain(run.result.also).what } : null,
            { name: say('run.device'), value: `${run.deviceName}, ${run.typeTitle} (${run.device})` },
            { name: say('run.plan'), value: `${run.planTitle} (${run.plan})` },
            { name: say('run.versions'), value: <Versions change={run.change} /> },
            { name: say('run.operator'), value: nameOf(run.actor) },
            {
              name: say('run.times'),
              value: `${formats.datetime(run.startedAt)}${run.endedAt === null ? '' : `, ${formats.datetime(run.endedAt)}`}`,
            },
            { name: say('run.runId'), value: <span className="mono">{run.id}</span> },
          ]}
        />
      </Card>
      {run.result && run.result.health.length > 0 && (
        <Card>
          <HealthMarks marks={run.result.health} />
        </Card>
      )}
      {run.conditions.some(wasRead) && (
        <Card title={say('run.conditions')}>
          <Conditions conditions={run.conditions} at={null} />
        </Card>
      )}
      <Card title={say('run.timeline')}>
        <ol className="timeline">
          {timeline.map((line) => (
            <li key={`${line.at} ${line.action} ${line.what}`}>
              <span className="quiet">{formats.time(line.at)}</span>
              <span>{nameOf(line.actor)}</span>
              <span>
                {action(line.action, say)} <span className="quiet small">{line.what}</span>
              </span>
            </li>
          ))}
        </ol>
      </Card>
    </Page>
  )
}

/** The action in words where it is one of the log's own; what a newer host calls it otherwise. */
function action(name: string, say: Words['say']): string {
  const known = AuditAction.safeParse(name)
  return known.success ? say(`audit.${known.data}`) : name
}
