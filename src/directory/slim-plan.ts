import type { Policy, Source } from '../core/model.ts'
import type { PlannedPage } from '../secure.ts'

/**
 * Keeps of planned pages what it takes to finish them, so that tens of thousands can wait for the outputs: texts that pages
 * share are held once, and no text keeps the source alive that it was cut from.
 */
export class SlimPlans {
  private readonly texts = new Map<string, string>()
  private readonly sources = new Map<string, Source>()

  of({ plan, path, policies }: PlannedPage): PlannedPage {
    const { page } = plan
    return {
      path,
      policies: policies.map((policy) => this.policy(policy)),
      plan: {
        ...plan,
        page: {
          ...page,
          source: '',
          resources: [],
          attributes: [],
          references: [],
          nonces: [],
          policyMetas: page.policyMetas.map(({ span, ours }) => ({ span, ours, content: '' })),
          base: undefined,
        },
        edits: plan.edits.map((edit) => ({ ...edit, text: this.text(edit.text) })),
        importMap: plan.importMap === undefined ? undefined : this.text(plan.importMap),
        facts: { ...plan.facts, inlineScripts: [], scriptFiles: [], scriptLocations: [], foreignScripts: [] },
        pinned: new Map(),
        loaded: { scripts: [], styles: [] },
        findings: [],
      },
    }
  }

  private policy(policy: Policy): Policy {
    const directives = [...policy.directives].map(
      ([name, sources]) => [this.text(name), sources.map((source) => this.source(source))] as const,
    )
    return { ...policy, directives: new Map(directives) }
  }

  private source(source: Source): Source {
    const key = `${source.expression} ${JSON.stringify(source.reason)}`
    // What stands in one page alone is not worth remembering for the others.
    if (source.reason.kind === 'inline') return { ...source, expression: this.text(source.expression) }
    const known = this.sources.get(key)
    if (known) return known
    this.sources.set(key, source)
    return source
  }

  private text(text: string): string {
    const known = this.texts.get(text)
    if (known !== undefined) return known
    const own = Buffer.from(text).toString()
    this.texts.set(own, own)
    return own
  }
}
