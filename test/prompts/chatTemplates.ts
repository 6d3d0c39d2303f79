/** Chat templates of the shapes that real models have, reduced to what a question about a picture meets. */

const turns = (open: string, parts: string, close: string) =>
  `{% for message in messages %}${open}{% if message.content is string %}{{ message.content }}{% else %}` +
  `{% for part in message.content %}${parts}{% endfor %}{% endif %}${close}{% endfor %}`;

const imStart = "{{ '<|im_start|>' + message.role + '\\n' }}";
const imEnd = "{{ '<|im_end|>\\n' }}";
const assistant = "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

const qwenParts =
  "{% if part.type == 'image' or 'image_url' in part %}" +
  "{% set count.value = count.value + 1 %}{% if add_vision_id %}Picture {{ count.value }}: {% endif %}" +
  "<|vision_start|><|image_pad|><|vision_end|>{% elif 'text' in part %}{{ part.text }}{% endif %}";

export const qwen2vl =
  "{% set count = namespace(value=0) %}" +
  turns(
    "{% if loop.first and message.role != 'system' %}" +
      "{{ '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}{% endif %}" +
      imStart,
    qwenParts,
    imEnd,
  ) +
  assistant;

/** Thinks unless it is told not to, and trims each turn. */
export const qwen35 =
  "{% set count = namespace(value=0) %}" +
  "{% macro render(content) %}{% if content is string %}{{ content }}{% else %}" +
  `{% for part in content %}${qwenParts}{% endfor %}{% endif %}{% endmacro %}` +
  `{% for message in messages %}${imStart}{{ render(message.content) | trim }}${imEnd}{% endfor %}` +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}" +
  "{% if enable_thinking is defined and enable_thinking is false %}{{ '<think>\\n\\n</think>\\n\\n' }}" +
  "{% else %}{{ '<think>\\n' }}{% endif %}{% endif %}";

/** Takes typed content only, and a colon after the role depends on what comes first. */
export const smolvlm =
  "<|im_start|>{% for message in messages %}{{ message.role | capitalize }}" +
  "{% if message.content[0].type == 'image' %}:{% else %}{{ ': ' }}{% endif %}" +
  "{% for part in message.content %}{% if part.type == 'text' %}{{ part.text }}" +
  "{% elif part.type == 'image' %}<image>{% endif %}{% endfor %}{{ '<end_of_utterance>\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}Assistant:{% endif %}";

/** Has no system turn: its text is put in front of the user's. */
export const gemma3 =
  "{{ bos_token }}{% if messages[0].role == 'system' %}" +
  "{% if messages[0].content is string %}{% set first = messages[0].content + '\\n\\n' %}" +
  "{% else %}{% set first = messages[0].content[0].text + '\\n\\n' %}{% endif %}{% set rest = messages[1:] %}" +
  "{% else %}{% set first = '' %}{% set rest = messages %}{% endif %}" +
  "{% for message in rest %}{{ '<start_of_turn>' + message.role + '\\n' + (first if loop.first else '') }}" +
  "{% if message.content is string %}{{ message.content | trim }}{% else %}{% for part in message.content %}" +
  "{% if part.type == 'image' %}<start_of_image>{% else %}{{ part.text | trim }}{% endif %}{% endfor %}{% endif %}" +
  "{{ '<end_of_turn>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}";

/** Sorts two parts by type, and prints today's date. */
export const pixtral =
  "{% set today = strftime_now('%Y-%m-%d') %}{{ bos_token }}[SYSTEM_PROMPT]Today is {{ today }}.[/SYSTEM_PROMPT]" +
  "{% for message in messages %}{% if message.role == 'user' %}[INST]" +
  "{% if message.content is string %}{{ message.content }}{% else %}" +
  "{% for part in (message.content | sort(attribute='type') if message.content | length == 2 else message.content) %}" +
  "{% if part.type == 'text' %}{{ part.text }}{% else %}[IMG]{% endif %}{% endfor %}{% endif %}[/INST]" +
  "{% else %}{{ raise_exception('Only user turns are supported') }}{% endif %}{% endfor %}";

export const internvl3 =
  turns(
    imStart,
    "{% if part.type == 'image' %}{{ '<IMG_CONTEXT>\\n' }}{% else %}{{ part.text }}{% endif %}",
    imEnd,
  ) + assistant;

/** A language model's own template, as many converted vision models have it: strings only. */
export const textOnly =
  `{% for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content }}${imEnd}{% endfor %}` +
  assistant;
