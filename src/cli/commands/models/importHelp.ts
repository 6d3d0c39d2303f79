/** What `--help` says below the options. */
export const help = `
Families: LLaVA-1.5 (Q-Instruct's too), Qwen2.5-VL, Qwen3.5 (Q-ReAlign's).

Examples:
  tonescore models import Q-ReAlign-Mini-0.8B/
  tonescore photo.jpg --model Q-ReAlign-Mini-0.8B
                                        from then on, by its name
  tonescore models import Qwen2.5-VL-7B-Instruct/ --quant Q4_K_M
                                        smaller, and less exact
  tonescore models import llava_v1.5_7b_qinstruct/ --encoder clip-vit-large-patch14-336/
                                        LLaVA's own layout leaves CLIP's encoder
                                        in a repository of its own

An import that was stopped goes on where it was when it is called once more. The
checkpoint stays as it is.`;
