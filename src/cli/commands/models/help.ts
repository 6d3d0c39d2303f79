/** What `--help` says below the options. */
export const help = `
Examples:
  tonescore models                      what there is, and what is on this machine
  tonescore models smolvlm-500m         what is known of one
  tonescore models pull smolvlm-500m    download it
  tonescore photo.jpg -m smolvlm-500m   score with it
  tonescore models pull hf:owner/repository:Q8_0
                                        any GGUF model of Hugging Face with its
                                        mmproj, by the types of its weights
  tonescore models import q-realign-mini
                                        what is published for Python alone
  tonescore models remove smolvlm-500m  delete what was downloaded

What is downloaded lies in the cache that the Python tools share:
HF_HUB_CACHE, or HF_HOME/hub, or ~/.cache/huggingface/hub. HF_ENDPOINT names
another server, HF_TOKEN says who you are to it, HTTPS_PROXY and NO_PROXY are
heeded. Nothing is downloaded without being asked for.`;

export const pullHelp = `
Examples:
  tonescore models pull smolvlm-500m
  tonescore models pull hf:ggml-org/SmolVLM-500M-Instruct-GGUF:Q8_0
  tonescore models pull hf:owner/repository/model-Q4_K_M.gguf

A download that was cut goes on where it ended when it is asked for again.
What arrives is held against its SHA-256 before it takes its name.

Exit codes: 0 it is here, 3 it could not be had.`;

export const verifyHelp = `
Examples:
  tonescore models verify               every model that is here
  tonescore models verify smolvlm-500m

Exit codes: 0 all as published, 1 a file is damaged, 3 the model is not here.`;

export const removeHelp = `
Examples:
  tonescore models remove smolvlm-500m  asks first
  tonescore models remove smolvlm-500m --yes
  tonescore models remove hf:owner/repository
                                        a checkpoint that import has kept

Only what tonescore itself has downloaded or imported is deleted.`;

export const pathHelp = `
Examples:
  tonescore models path smolvlm-500m    the model's file, and its mmproj's below
  llama-server -m "$(tonescore models path smolvlm-500m | head -n 1)"`;
