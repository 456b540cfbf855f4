<?php
// php -S localhost:8000 -t public php/index.php
if (is_file("public" . strtok($_SERVER["REQUEST_URI"], "?"))) return false;
$csp = json_decode(file_get_contents("public/build/.vite/csp-hashes.json"), true);
$page = $csp["entries"]["src/main.js"];
$nonce = base64_encode(random_bytes(16));
foreach ($page["nonceHeaders"] as $field) header("$field[name]: " . str_replace($csp["nonce"], $nonce, $field["value"]));
$user = json_encode(["name" => $_GET["name"] ?? "you"], JSON_HEX_TAG);
?>
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>PHP</title>
<?= $page["importMap"]["tag"] ?? "" ?>

<script nonce="<?= $nonce ?>">user = <?= $user ?></script>
<?= $page["tags"] ?>

</head>
<body><main id="app"></main></body>
</html>
