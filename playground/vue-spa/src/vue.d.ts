// tsc does not read single-file components; their scripts are checked by vue-tsc or an editor.
declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent
  export default component
}
