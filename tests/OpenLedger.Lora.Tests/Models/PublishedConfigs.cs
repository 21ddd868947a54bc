namespace OpenLedger.Lora.Tests.Models;

/// <summary>Configurations with the numbers of well-known checkpoints, spelled as their publishers spell them, noise fields included.</summary>
internal static class PublishedConfigs
{
    public const string TinyLlama = """
        {"architectures":["LlamaForCausalLM"],"attention_bias":false,"bos_token_id":1,"eos_token_id":2,"hidden_act":"silu","hidden_size":2048,"initializer_range":0.02,
        "intermediate_size":5632,"max_position_embeddings":2048,"model_type":"llama","num_attention_heads":32,"num_hidden_layers":22,"num_key_value_heads":4,
        "pretraining_tp":1,"rms_norm_eps":1e-05,"rope_scaling":null,"rope_theta":10000.0,"tie_word_embeddings":false,"torch_dtype":"bfloat16",
        "transformers_version":"4.35.0","use_cache":true,"vocab_size":32000}
        """;

    public const string Llama31 = """
        {"architectures":["LlamaForCausalLM"],"attention_bias":false,"attention_dropout":0.0,"bos_token_id":128000,"eos_token_id":[128001,128008,128009],
        "hidden_act":"silu","hidden_size":4096,"initializer_range":0.02,"intermediate_size":14336,"max_position_embeddings":131072,"mlp_bias":false,
        "model_type":"llama","num_attention_heads":32,"num_hidden_layers":32,"num_key_value_heads":8,"pretraining_tp":1,"rms_norm_eps":1e-05,
        "rope_scaling":{"factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":8192,"rope_type":"llama3"},
        "rope_theta":500000.0,"tie_word_embeddings":false,"torch_dtype":"bfloat16","transformers_version":"4.42.3","use_cache":true,"vocab_size":128256}
        """;

    public const string Llama32 = """
        {"architectures":["LlamaForCausalLM"],"attention_bias":false,"attention_dropout":0.0,"bos_token_id":128000,"eos_token_id":128001,"head_dim":64,
        "hidden_act":"silu","hidden_size":2048,"initializer_range":0.02,"intermediate_size":8192,"max_position_embeddings":131072,"mlp_bias":false,
        "model_type":"llama","num_attention_heads":32,"num_hidden_layers":16,"num_key_value_heads":8,"pretraining_tp":1,"rms_norm_eps":1e-05,
        "rope_scaling":{"factor":32.0,"high_freq_factor":4.0,"low_freq_factor":1.0,"original_max_position_embeddings":8192,"rope_type":"llama3"},
        "rope_theta":500000.0,"tie_word_embeddings":true,"torch_dtype":"bfloat16","transformers_version":"4.45.0.dev0","unsloth_fixed":true,"use_cache":true,
        "vocab_size":128256}
        """;

    /// <summary>Llama 3.2 as later versions of transformers write it: one object for all rotary numbers, <c>dtype</c> for <c>torch_dtype</c>.</summary>
    public const string Llama32New = """
        {"architectures":["LlamaForCausalLM"],"attention_bias":false,"attention_dropout":0.0,"bos_token_id":128000,"dtype":"bfloat16","eos_token_id":128001,
        "head_dim":64,"hidden_act":"silu","hidden_size":2048,"initializer_range":0.02,"intermediate_size":8192,"max_position_embeddings":131072,"mlp_bias":false,
        "model_type":"llama","num_attention_heads":32,"num_hidden_layers":16,"num_key_value_heads":8,"pad_token_id":null,"pretraining_tp":1,"rms_norm_eps":1e-05,
        "rope_parameters":{"factor":32.0,"high_freq_factor":4.0,"low_freq_factor":1.0,"original_max_position_embeddings":8192,"rope_theta":500000.0,"rope_type":"llama3"},
        "tie_word_embeddings":true,"transformers_version":"5.0.0","use_cache":true,"vocab_size":128256}
        """;

    public const string DeepSeekLlm7B = """
        {"architectures":["LlamaForCausalLM"],"attention_bias":false,"bos_token_id":100000,"eos_token_id":100001,"hidden_act":"silu","hidden_size":4096,
        "initializer_range":0.02,"intermediate_size":11008,"max_position_embeddings":4096,"model_type":"llama","num_attention_heads":32,"num_hidden_layers":30,
        "num_key_value_heads":32,"pretraining_tp":1,"rms_norm_eps":1e-06,"rope_scaling":null,"rope_theta":10000.0,"tie_word_embeddings":false,
        "torch_dtype":"bfloat16","transformers_version":"4.33.1","use_cache":true,"vocab_size":102400}
        """;

    public const string DeepSeekCoder = """
        {"architectures":["LlamaForCausalLM"],"bos_token_id":32013,"eos_token_id":32014,"hidden_act":"silu","hidden_size":4096,"initializer_range":0.02,
        "intermediate_size":11008,"max_position_embeddings":16384,"model_type":"llama","num_attention_heads":32,"num_hidden_layers":32,"num_key_value_heads":32,
        "pretraining_tp":1,"rms_norm_eps":1e-06,"rope_scaling":{"factor":4.0,"type":"linear"},"rope_theta":100000,"tie_word_embeddings":false,
        "torch_dtype":"bfloat16","transformers_version":"4.33.1","use_cache":true,"vocab_size":32256}
        """;

    public const string R1DistillQwen = """
        {"architectures":["Qwen2ForCausalLM"],"attention_dropout":0.0,"bos_token_id":151643,"eos_token_id":151643,"hidden_act":"silu","hidden_size":1536,
        "initializer_range":0.02,"intermediate_size":8960,"max_position_embeddings":131072,"max_window_layers":21,"model_type":"qwen2","num_attention_heads":12,
        "num_hidden_layers":28,"num_key_value_heads":2,"rms_norm_eps":1e-06,"rope_theta":10000,"sliding_window":4096,"tie_word_embeddings":false,
        "torch_dtype":"bfloat16","transformers_version":"4.44.0","use_cache":true,"use_mrope":false,"use_sliding_window":false,"vocab_size":151936}
        """;

    public const string MistralV01 = """
        {"architectures":["MistralForCausalLM"],"bos_token_id":1,"eos_token_id":2,"hidden_act":"silu","hidden_size":4096,"initializer_range":0.02,
        "intermediate_size":14336,"max_position_embeddings":32768,"model_type":"mistral","num_attention_heads":32,"num_hidden_layers":32,"num_key_value_heads":8,
        "rms_norm_eps":1e-05,"rope_theta":10000.0,"sliding_window":4096,"tie_word_embeddings":false,"torch_dtype":"bfloat16","transformers_version":"4.34.0.dev0",
        "use_cache":true,"vocab_size":32000}
        """;

    public const string MistralV03 = """
        {"architectures":["MistralForCausalLM"],"attention_dropout":0.0,"bos_token_id":1,"eos_token_id":2,"hidden_act":"silu","hidden_size":4096,
        "initializer_range":0.02,"intermediate_size":14336,"max_position_embeddings":32768,"model_type":"mistral","num_attention_heads":32,"num_hidden_layers":32,
        "num_key_value_heads":8,"rms_norm_eps":1e-05,"rope_theta":1000000.0,"sliding_window":null,"tie_word_embeddings":false,"torch_dtype":"bfloat16",
        "transformers_version":"4.42.0.dev0","use_cache":true,"vocab_size":32768}
        """;

    public const string MistralNemo = """
        {"architectures":["MistralForCausalLM"],"attention_dropout":0.0,"bos_token_id":1,"eos_token_id":2,"head_dim":128,"hidden_act":"silu","hidden_size":5120,
        "initializer_range":0.02,"intermediate_size":14336,"max_position_embeddings":131072,"model_type":"mistral","num_attention_heads":32,"num_hidden_layers":40,
        "num_key_value_heads":8,"rms_norm_eps":1e-05,"rope_theta":1000000.0,"sliding_window":null,"tie_word_embeddings":false,"torch_dtype":"bfloat16",
        "transformers_version":"4.43.0.dev0","use_cache":true,"vocab_size":131072}
        """;

    public const string Qwen7B = """
        {"architectures":["QWenLMHeadModel"],"attn_dropout_prob":0.0,"auto_map":{"AutoConfig":"configuration_qwen.QWenConfig"},"bf16":false,"emb_dropout_prob":0.0,
        "fp16":false,"fp32":false,"hidden_size":4096,"initializer_range":0.02,"intermediate_size":22016,"kv_channels":128,"layer_norm_epsilon":1e-06,
        "max_position_embeddings":32768,"model_type":"qwen","no_bias":true,"num_attention_heads":32,"num_hidden_layers":32,"onnx_safe":null,"rotary_emb_base":10000,
        "rotary_pct":1.0,"scale_attn_weights":true,"seq_length":8192,"softmax_in_fp32":false,"tie_word_embeddings":false,"tokenizer_class":"QWenTokenizer",
        "transformers_version":"4.32.0","use_cache":true,"use_cache_kernel":false,"use_cache_quantization":false,"use_dynamic_ntk":true,"use_flash_attn":"auto",
        "use_logn_attn":true,"vocab_size":151936}
        """;

    public const string Qwen15 = """
        {"architectures":["Qwen2ForCausalLM"],"attention_dropout":0.0,"bos_token_id":151643,"eos_token_id":151643,"hidden_act":"silu","hidden_size":1024,
        "initializer_range":0.02,"intermediate_size":2816,"max_position_embeddings":32768,"max_window_layers":21,"model_type":"qwen2","num_attention_heads":16,
        "num_hidden_layers":24,"num_key_value_heads":16,"rms_norm_eps":1e-06,"rope_theta":1000000.0,"sliding_window":32768,"tie_word_embeddings":true,
        "torch_dtype":"bfloat16","transformers_version":"4.37.0","use_cache":true,"use_sliding_window":false,"vocab_size":151936}
        """;

    public const string Qwen2With7B = """
        {"architectures":["Qwen2ForCausalLM"],"attention_dropout":0.0,"bos_token_id":151643,"eos_token_id":151643,"hidden_act":"silu","hidden_size":3584,
        "initializer_range":0.02,"intermediate_size":18944,"max_position_embeddings":131072,"max_window_layers":28,"model_type":"qwen2","num_attention_heads":28,
        "num_hidden_layers":28,"num_key_value_heads":4,"rms_norm_eps":1e-06,"rope_theta":1000000.0,"sliding_window":131072,"tie_word_embeddings":false,
        "torch_dtype":"bfloat16","transformers_version":"4.37.2","use_cache":true,"use_sliding_window":false,"vocab_size":152064}
        """;

    /// <summary>Qwen 2.5 7B Instruct with the YaRN block that its card gives for long texts.</summary>
    public const string Qwen25Yarn = """
        {"architectures":["Qwen2ForCausalLM"],"attention_dropout":0.0,"bos_token_id":151643,"eos_token_id":151645,"hidden_act":"silu","hidden_size":3584,
        "initializer_range":0.02,"intermediate_size":18944,"max_position_embeddings":32768,"max_window_layers":28,"model_type":"qwen2","num_attention_heads":28,
        "num_hidden_layers":28,"num_key_value_heads":4,"rms_norm_eps":1e-06,"rope_scaling":{"factor":4.0,"original_max_position_embeddings":32768,"type":"yarn"},
        "rope_theta":1000000.0,"sliding_window":131072,"tie_word_embeddings":false,"torch_dtype":"bfloat16","transformers_version":"4.43.1","use_cache":true,
        "use_sliding_window":false,"vocab_size":152064}
        """;

    public const string Qwen3 = """
        {"architectures":["Qwen3ForCausalLM"],"attention_bias":false,"attention_dropout":0.0,"bos_token_id":151643,"eos_token_id":151645,"head_dim":128,
        "hidden_act":"silu","hidden_size":1024,"initializer_range":0.02,"intermediate_size":3072,"max_position_embeddings":40960,"max_window_layers":28,
        "model_type":"qwen3","num_attention_heads":16,"num_hidden_layers":28,"num_key_value_heads":8,"rms_norm_eps":1e-06,"rope_scaling":null,"rope_theta":1000000,
        "sliding_window":null,"tie_word_embeddings":true,"torch_dtype":"bfloat16","transformers_version":"4.51.0","use_cache":true,"use_sliding_window":false,
        "vocab_size":151936}
        """;

    public const string ChatGlm6B = """
        {"_name_or_path":"THUDM/chatglm-6b","architectures":["ChatGLMModel"],"auto_map":{"AutoConfig":"configuration_chatglm.ChatGLMConfig"},"bos_token_id":130004,
        "eos_token_id":130005,"mask_token_id":130000,"gmask_token_id":130001,"pad_token_id":3,"hidden_size":4096,"inner_hidden_size":16384,"layernorm_epsilon":1e-05,
        "max_sequence_length":2048,"model_type":"chatglm","num_attention_heads":32,"num_layers":28,"position_encoding_2d":true,"torch_dtype":"float16",
        "transformers_version":"4.23.1","use_cache":true,"vocab_size":130528}
        """;

    public const string ChatGlm2 = """
        {"_name_or_path":"THUDM/chatglm2-6b","architectures":["ChatGLMModel"],"auto_map":{"AutoConfig":"configuration_chatglm.ChatGLMConfig"},"add_bias_linear":false,
        "add_qkv_bias":true,"apply_query_key_layer_scaling":true,"apply_residual_connection_post_layernorm":false,"attention_dropout":0.0,
        "attention_softmax_in_fp32":true,"bias_dropout_fusion":true,"ffn_hidden_size":13696,"fp32_residual_connection":false,"hidden_dropout":0.0,"hidden_size":4096,
        "kv_channels":128,"layernorm_epsilon":1e-05,"model_type":"chatglm","multi_query_attention":true,"multi_query_group_num":2,"num_attention_heads":32,
        "num_layers":28,"original_rope":true,"padded_vocab_size":65024,"post_layer_norm":true,"rmsnorm":true,"seq_length":32768,"use_cache":true,
        "torch_dtype":"float16","transformers_version":"4.27.1","tie_word_embeddings":false,"eos_token_id":2,"pad_token_id":0}
        """;

    public const string ChatGlm3 = """
        {"_name_or_path":"THUDM/chatglm3-6b","architectures":["ChatGLMModel"],"add_bias_linear":false,"add_qkv_bias":true,"apply_query_key_layer_scaling":true,
        "apply_residual_connection_post_layernorm":false,"attention_dropout":0.0,"attention_softmax_in_fp32":true,"bias_dropout_fusion":true,
        "classifier_dropout":null,"eos_token_id":2,"ffn_hidden_size":13696,"fp32_residual_connection":false,"hidden_dropout":0.0,"hidden_size":4096,"kv_channels":128,
        "layernorm_epsilon":1e-05,"model_type":"chatglm","multi_query_attention":true,"multi_query_group_num":2,"num_attention_heads":32,"num_layers":28,
        "original_rope":true,"pad_token_id":0,"padded_vocab_size":65024,"post_layer_norm":true,"pre_seq_len":null,"prefix_projection":false,"quantization_bit":0,
        "rmsnorm":true,"seq_length":8192,"tie_word_embeddings":false,"torch_dtype":"float16","transformers_version":"4.30.2","use_cache":true,"vocab_size":65024}
        """;

    public const string Glm4Chat = """
        {"_name_or_path":"THUDM/glm-4-9b-chat","model_type":"chatglm","architectures":["ChatGLMModel"],"add_bias_linear":false,"add_qkv_bias":true,
        "apply_query_key_layer_scaling":true,"apply_residual_connection_post_layernorm":false,"attention_dropout":0.0,"attention_softmax_in_fp32":true,
        "attn_implementation":"sdpa","bias_dropout_fusion":true,"ffn_hidden_size":13696,"fp32_residual_connection":false,"hidden_dropout":0.0,"hidden_size":4096,
        "kv_channels":128,"layernorm_epsilon":1.5625e-07,"multi_query_attention":true,"multi_query_group_num":2,"num_attention_heads":32,"num_hidden_layers":40,
        "num_layers":40,"rope_ratio":500,"original_rope":true,"padded_vocab_size":151552,"post_layer_norm":true,"rmsnorm":true,"seq_length":131072,"use_cache":true,
        "torch_dtype":"bfloat16","transformers_version":"4.42.4","tie_word_embeddings":false,"eos_token_id":[151329,151336,151338],"pad_token_id":151329}
        """;

    public const string GlmHf = """
        {"architectures":["GlmForCausalLM"],"attention_bias":true,"attention_dropout":0.0,"eos_token_id":[151329,151336,151338],"head_dim":128,"hidden_act":"silu",
        "hidden_size":4096,"initializer_range":0.02,"intermediate_size":13696,"max_position_embeddings":131072,"model_type":"glm","num_attention_heads":32,
        "num_hidden_layers":40,"num_key_value_heads":2,"pad_token_id":151329,"partial_rotary_factor":0.5,"rms_norm_eps":1.5625e-07,"rope_theta":5000000.0,
        "tie_word_embeddings":false,"torch_dtype":"bfloat16","transformers_version":"4.46.0.dev0","use_cache":true,"vocab_size":151552}
        """;

    public const string Glm40414 = """
        {"architectures":["Glm4ForCausalLM"],"attention_bias":true,"attention_dropout":0.0,"eos_token_id":[151329,151336,151338],"head_dim":128,"hidden_act":"silu",
        "hidden_size":4096,"initializer_range":0.02,"intermediate_size":13696,"max_position_embeddings":32768,"model_type":"glm4","num_attention_heads":32,
        "num_hidden_layers":40,"num_key_value_heads":2,"pad_token_id":151329,"partial_rotary_factor":0.5,"rms_norm_eps":1e-05,"rope_theta":10000.0,
        "tie_word_embeddings":false,"torch_dtype":"bfloat16","transformers_version":"4.52.0.dev0","use_cache":true,"vocab_size":151552}
        """;

    public const string Gemma2B = """
        {"architectures":["GemmaForCausalLM"],"attention_bias":false,"attention_dropout":0.0,"bos_token_id":2,"eos_token_id":1,"head_dim":256,"hidden_act":"gelu",
        "hidden_activation":"gelu_pytorch_tanh","hidden_size":2048,"initializer_range":0.02,"intermediate_size":16384,"max_position_embeddings":8192,
        "model_type":"gemma","num_attention_heads":8,"num_hidden_layers":18,"num_key_value_heads":1,"pad_token_id":0,"rms_norm_eps":1e-06,"rope_scaling":null,
        "rope_theta":10000.0,"torch_dtype":"bfloat16","transformers_version":"4.38.0.dev0","use_cache":true,"vocab_size":256000}
        """;

    public const string Gemma29B = """
        {"architectures":["Gemma2ForCausalLM"],"attention_bias":false,"attention_dropout":0.0,"attn_logit_softcapping":50.0,"bos_token_id":2,"cache_implementation":"hybrid",
        "eos_token_id":1,"final_logit_softcapping":30.0,"head_dim":256,"hidden_act":"gelu_pytorch_tanh","hidden_activation":"gelu_pytorch_tanh","hidden_size":3584,
        "initializer_range":0.02,"intermediate_size":14336,"max_position_embeddings":8192,"model_type":"gemma2","num_attention_heads":16,"num_hidden_layers":42,
        "num_key_value_heads":8,"pad_token_id":0,"query_pre_attn_scalar":256,"rms_norm_eps":1e-06,"rope_theta":10000.0,"sliding_window":4096,
        "sliding_window_size":4096,"torch_dtype":"float32","transformers_version":"4.42.0.dev0","use_cache":true,"vocab_size":256000}
        """;

    public const string Gemma31B = """
        {"architectures":["Gemma3ForCausalLM"],"attention_bias":false,"attention_dropout":0.0,"attn_logit_softcapping":null,"bos_token_id":2,
        "cache_implementation":"hybrid","eos_token_id":[1,106],"final_logit_softcapping":null,"head_dim":256,"hidden_activation":"gelu_pytorch_tanh",
        "hidden_size":1152,"initializer_range":0.02,"intermediate_size":6912,"max_position_embeddings":32768,"model_type":"gemma3_text","num_attention_heads":4,
        "num_hidden_layers":26,"num_key_value_heads":1,"pad_token_id":0,"query_pre_attn_scalar":256,"rms_norm_eps":1e-06,"rope_local_base_freq":10000,
        "rope_scaling":null,"rope_theta":1000000,"sliding_window":512,"sliding_window_pattern":6,"torch_dtype":"bfloat16","transformers_version":"4.50.0.dev0",
        "use_cache":true,"vocab_size":262144}
        """;

    public const string Gemma3With270M = """
        {"_sliding_window_pattern":6,"architectures":["Gemma3ForCausalLM"],"attention_bias":false,"attention_dropout":0.0,"attn_logit_softcapping":null,
        "bos_token_id":2,"eos_token_id":1,"final_logit_softcapping":null,"head_dim":256,"hidden_activation":"gelu_pytorch_tanh","hidden_size":640,
        "initializer_range":0.02,"intermediate_size":2048,"layer_types":["sliding_attention","sliding_attention","sliding_attention","sliding_attention",
        "sliding_attention","full_attention","sliding_attention","sliding_attention","sliding_attention","sliding_attention","sliding_attention","full_attention",
        "sliding_attention","sliding_attention","sliding_attention","sliding_attention","sliding_attention","full_attention"],"max_position_embeddings":32768,
        "model_type":"gemma3_text","num_attention_heads":4,"num_hidden_layers":18,"num_key_value_heads":1,"pad_token_id":0,"query_pre_attn_scalar":256,
        "rms_norm_eps":1e-06,"rope_local_base_freq":10000.0,"rope_scaling":null,"rope_theta":1000000.0,"sliding_window":512,"torch_dtype":"bfloat16",
        "transformers_version":"4.55.0.dev0","use_bidirectional_attention":false,"use_cache":true,"vocab_size":262144}
        """;

    /// <summary>The decoder of a model of images and text: only the fields that differ from the defaults.</summary>
    public const string Gemma34B = """
        {"architectures":["Gemma3ForConditionalGeneration"],"boi_token_index":255999,"eoi_token_index":256000,"eos_token_id":[1,106],"image_token_index":262144,
        "initializer_range":0.02,"mm_tokens_per_image":256,"model_type":"gemma3","text_config":{"hidden_size":2560,"intermediate_size":10240,
        "model_type":"gemma3_text","num_hidden_layers":34,"rope_scaling":{"factor":8.0,"rope_type":"linear"},"sliding_window":1024},"torch_dtype":"bfloat16",
        "transformers_version":"4.50.0.dev0","vision_config":{"hidden_size":1152,"image_size":896,"intermediate_size":4304,"model_type":"siglip_vision_model",
        "num_attention_heads":16,"num_hidden_layers":27,"patch_size":14,"vision_use_head":false}}
        """;

    public const string Falcon7B = """
        {"alibi":false,"apply_residual_connection_post_layernorm":false,"architectures":["FalconForCausalLM"],"attention_dropout":0.0,"bias":false,"bos_token_id":11,
        "eos_token_id":11,"hidden_dropout":0.0,"hidden_size":4544,"initializer_range":0.02,"layer_norm_epsilon":1e-05,"model_type":"falcon","multi_query":true,
        "new_decoder_architecture":false,"num_attention_heads":71,"num_hidden_layers":32,"num_kv_heads":71,"parallel_attn":true,"torch_dtype":"bfloat16",
        "transformers_version":"4.27.4","use_cache":true,"vocab_size":65024}
        """;

    /// <summary>Falcon 40B in its first spelling.</summary>
    public const string Falcon40B = """
        {"alibi":false,"apply_residual_connection_post_layernorm":false,"architectures":["RWForCausalLM"],"attention_dropout":0.0,"bias":false,"bos_token_id":11,
        "eos_token_id":11,"hidden_dropout":0.0,"hidden_size":8192,"initializer_range":0.02,"layer_norm_epsilon":1e-05,"model_type":"RefinedWeb","n_head":128,
        "n_head_kv":8,"n_layer":60,"parallel_attn":true,"torch_dtype":"bfloat16","transformers_version":"4.26.0","use_cache":true,"vocab_size":65024}
        """;

    public const string Falcon11B = """
        {"activation":"gelu","alibi":false,"architectures":["FalconForCausalLM"],"attention_dropout":0.0,"bias":false,"bos_token_id":11,"eos_token_id":11,
        "ff_factor":4,"ffn_hidden_size":16384,"hidden_dropout":0.0,"hidden_size":4096,"initializer_range":0.02,"layer_norm_epsilon":1e-05,
        "max_position_embeddings":8192,"model_type":"falcon","multi_query":true,"new_decoder_architecture":true,"num_attention_heads":32,"num_hidden_layers":60,
        "num_kv_heads":8,"num_ln_in_parallel_attn":1,"parallel_attn":true,"rope_scaling":null,"rope_theta":5000042.0,"tie_word_embeddings":false,
        "torch_dtype":"bfloat16","transformers_version":"4.39.2","use_cache":true,"vocab_size":65024}
        """;

    public const string FalconRw1B = """
        {"alibi":true,"apply_residual_connection_post_layernorm":false,"architectures":["FalconForCausalLM"],"attention_dropout":0.0,"bias":true,"bos_token_id":1,
        "eos_token_id":2,"hidden_dropout":0.0,"hidden_size":2048,"initializer_range":0.02,"layer_norm_epsilon":1e-05,"model_type":"falcon","multi_query":false,
        "new_decoder_architecture":false,"num_attention_heads":32,"num_hidden_layers":24,"num_kv_heads":32,"parallel_attn":false,"torch_dtype":"bfloat16",
        "transformers_version":"4.27.4","use_cache":true,"vocab_size":50304}
        """;

    public const string Bloom560M = """
        {"apply_residual_connection_post_layernorm":false,"attention_dropout":0.0,"attention_softmax_in_fp32":true,"architectures":["BloomForCausalLM"],
        "bias_dropout_fusion":true,"bos_token_id":1,"eos_token_id":2,"pad_token_id":3,"unk_token_id":0,"hidden_dropout":0.0,"initializer_range":0.02,
        "layer_norm_epsilon":1e-05,"masked_softmax_fused":true,"model_type":"bloom","n_embed":1024,"n_inner":null,"n_layer":24,"num_attention_heads":16,
        "offset_alibi":100,"pretraining_tp":1,"seq_length":2048,"skip_bias_add":true,"skip_bias_add_qkv":false,"slow_but_exact":false,
        "transformers_version":"4.20.0","use_cache":true,"vocab_size":250880}
        """;

    public const string Gpt2 = """
        {"activation_function":"gelu_new","architectures":["GPT2LMHeadModel"],"attn_pdrop":0.1,"bos_token_id":50256,"embd_pdrop":0.1,"eos_token_id":50256,
        "initializer_range":0.02,"layer_norm_epsilon":1e-05,"model_type":"gpt2","n_ctx":1024,"n_embd":768,"n_head":12,"n_layer":12,"n_positions":1024,
        "resid_pdrop":0.1,"summary_activation":null,"summary_first_dropout":0.1,"summary_proj_to_labels":true,"summary_type":"cls_index","summary_use_proj":true,
        "task_specific_params":{"text-generation":{"do_sample":true,"max_length":50}},"vocab_size":50257}
        """;

    /// <summary>Every one of them by name.</summary>
    public static IReadOnlyList<(string Name, string Json)> All { get; } =
    [
        (nameof(TinyLlama), TinyLlama), (nameof(Llama31), Llama31), (nameof(Llama32), Llama32), (nameof(Llama32New), Llama32New),
        (nameof(DeepSeekLlm7B), DeepSeekLlm7B), (nameof(DeepSeekCoder), DeepSeekCoder), (nameof(R1DistillQwen), R1DistillQwen), (nameof(MistralV01), MistralV01),
        (nameof(MistralV03), MistralV03), (nameof(MistralNemo), MistralNemo), (nameof(Qwen7B), Qwen7B), (nameof(Qwen15), Qwen15), (nameof(Qwen2With7B), Qwen2With7B),
        (nameof(Qwen25Yarn), Qwen25Yarn), (nameof(Qwen3), Qwen3), (nameof(ChatGlm6B), ChatGlm6B), (nameof(ChatGlm2), ChatGlm2), (nameof(ChatGlm3), ChatGlm3),
        (nameof(Glm4Chat), Glm4Chat), (nameof(GlmHf), GlmHf), (nameof(Glm40414), Glm40414), (nameof(Gemma2B), Gemma2B), (nameof(Gemma29B), Gemma29B),
        (nameof(Gemma31B), Gemma31B), (nameof(Gemma3With270M), Gemma3With270M), (nameof(Gemma34B), Gemma34B), (nameof(Falcon7B), Falcon7B),
        (nameof(Falcon40B), Falcon40B), (nameof(Falcon11B), Falcon11B), (nameof(FalconRw1B), FalconRw1B), (nameof(Bloom560M), Bloom560M), (nameof(Gpt2), Gpt2),
    ];
}
