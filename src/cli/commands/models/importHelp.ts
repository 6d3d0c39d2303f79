/** What `--help` says below the options. */
export const help = `
Families: LLaVA-1.5 (Q-Instruct's too), mPLUG-Owl2 (OneAlign's, DeQA-Score's),
Qwen2.5-VL, Qwen3.5 (Q-ReAlign's).

Examples:
  tonescore models import q-realign-mini
  tonescore photo.jpg --model q-realign-mini
                                        from then on, by its name
  tonescore models import Qwen/Qwen2.5-VL-7B-Instruct --quant Q4_K_M
                                        smaller, and less exact
  tonescore models import q-instruct    its encoder, in a repository of its own,
                                        is downloaded too
  tonescore models import llava/ --encoder clip-vit-large-patch14-336/
                                        folders that are here already

A download or an import that was stopped goes on where it was when it is called
once more. After a successful import, what tonescore has downloaded for it is
deleted, unless --keep is given. A folder of yours stays as it is.`;
