{
  # For @electron/rebuild and node-gyp users: hands over to the same CMake build as `npm ci`.
  "targets": [
    {
      "target_name": "tonescore_cmake",
      "type": "none",
      "actions": [
        {
          "action_name": "cmake",
          "inputs": ["native/build.js", "native/CMakeLists.txt"],
          "outputs": ["<(module_root_dir)/build/Release/tonescore.node"],
          "action": ["node", "<(module_root_dir)/native/build.js"]
        }
      ]
    }
  ]
}
