import { describe, expect, it } from 'vitest'
import { type EvalUse, evalUses } from '../../../src/core/needs/eval-uses.ts'
import { searchCode } from '../../../src/core/needs/search-code.ts'

const found = (code: string): Pick<EvalUse, 'what' | 'tried'>[] =>
  searchCode(code).evals.map(({ what, tried }) => ({ what, tried }))

describe('what turns text into code', () => {
  it.each([
    ['eval(x)', 'eval'],
    ['(0,eval)(t)', 'eval'],
    ['window.eval(a)', 'eval'],
    ['let ge=eval;ge("1")', 'eval'],
    ['new Function("a","return a")', 'new Function'],
    ['const e=Function;new e("")', 'new Function'],
    ['const make = { F: Function }; new make.F("return 1")()', 'new Function'],
    ['function f(){let n=Function;return n(a)}', 'new Function'],
    ['Function.apply(null, ["return 1"])()', 'new Function'],
    ['Reflect.construct(Function,["a"])', 'new Function'],
    [
      'const A = Object.getPrototypeOf(async function () {}).constructor; new A("return 1")()',
      'new AsyncFunction',
    ],
    ['const A=(async()=>{}).constructor\nnew A(a,b)', undefined],
    ['const AsyncFunction=(async()=>{}).constructor\nnew AsyncFunction(a,b)', 'new AsyncFunction'],
    ['var G=(function*(){}).constructor;G("yield 1")', 'new AsyncFunction'],
    ['(() => {}).constructor("return 1")()', 'the constructor of a function'],
    ['setTimeout("document.title = 1", 0)', 'setTimeout with a string'],
    ['/* a */ x / 2; eval(b) / 1', 'eval'],
  ])('%s', (code, what) => {
    expect(found(code)).toEqual(what === undefined ? [] : [{ what, tried: false }])
  })

  it.each([
    '/drop|eval(?:cmd)?/.test(x)',
    'if(a)/eval(x)/.test(b)',
    '"mentions new Function()"',
    '`new Function(${1})`',
    '// eval(x)\n1',
    '/* new Function(x) */',
    'parser.eval(t)+retrieval(t);function eval2(){}',
    'class A{eval(a){return 1}}',
    'a={eval:eval};b.eval(x)',
    'Function("return this")();isFunction(x);a.Function(x)',
    'var f=Function("r","regeneratorRuntime = r")(x)',
    'binder=Function("binder","return function (){}")(b)',
    'x instanceof Function;typeof Function;e.constructor===Function&&q(a)',
    'var p={type:Function};new t.type(a)',
    'const e=Function;function g(e){return e(1)}',
    'setTimeout(()=>a(),1)',
    'this.constructor(a);new e.constructor(e.length)',
  ])('not %s', (code) => {
    expect(evalUses(code)).toEqual([])
  })

  it('puts what stands in a try behind what breaks', () => {
    expect(found('try{new Function("")}catch{}eval(x)')).toEqual([
      { what: 'eval', tried: false },
      { what: 'new Function', tried: true },
    ])
  })
})
