//go:build packages

package packages

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// craneModule reads and writes images; it is a registry too.
const craneModule = "github.com/google/go-containerregistry/cmd/crane@v0.21.2"

// TestImage has GoReleaser push the image to a registry on this machine, and runs
// what it pulls from there as nobody in a chroot: there is no container engine.
func TestImage(t *testing.T) {
	tools := standIns(t, "cosign")
	run(t, ".", "env", "GOBIN="+tools, "go", "install", craneModule)
	address := startRegistry(t)
	image := address + "/contractactions:0.1.0"
	folder := clone(t)
	config := filepath.Join(t.TempDir(), "goreleaser.yaml")
	write(t, config, imageOnly(t, pushBase(t, address)), 0o600)
	t.Setenv("KO_DOCKER_REPO", address+"/contractactions")
	run(t, folder, goReleaser[0], append(slices.Clone(goReleaser[1:]), "release", "--clean", "--config", config)...)

	t.Run("signature", func(t *testing.T) {
		want := "sign --yes " + address + "/contractactions@" + strings.TrimSpace(run(t, ".", "crane", "digest", image)) + "\n"
		if log := read(t, filepath.Join(tools, "cosign.log")); log != want {
			t.Errorf("cosign was called with %q, want %q", log, want)
		}
	})
	for _, architecture := range []string{"amd64", "arm64"} {
		t.Run(architecture, func(t *testing.T) { testImageConfig(t, image, architecture) })
	}
	t.Run("runs as nobody", func(t *testing.T) { testImageRuns(t, image) })
}

// startRegistry starts a registry and returns its host and port.
func startRegistry(t *testing.T) string {
	t.Helper()
	registry := exec.Command("crane", "registry", "serve", "--address", "127.0.0.1:0")
	stderr, err := registry.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := registry.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = registry.Process.Kill()
		_ = registry.Wait()
	})
	line, err := bufio.NewReader(stderr).ReadString('\n')
	_, port, found := strings.Cut(strings.TrimSpace(line), "serving on port ")
	if !found {
		t.Fatalf("the registry printed %q, error %v", line, err)
	}
	return "127.0.0.1:" + port
}

// pushBase pushes a stand-in for the base image: root certificates, /tmp and no
// program, for both platforms.
func pushBase(t *testing.T, address string) string {
	t.Helper()
	folder := t.TempDir()
	write(t, filepath.Join(folder, "etc/ssl/certs/ca-certificates.crt"), read(t, "/etc/ssl/certs/ca-certificates.crt"), 0o644)
	if err := os.Mkdir(filepath.Join(folder, "tmp"), 0o777); err != nil {
		t.Fatal(err)
	}
	layer := filepath.Join(t.TempDir(), "layer.tar")
	run(t, ".", "tar", "-C", folder, "--owner=0", "--group=0", "-cf", layer, ".")
	base := address + "/base"
	for _, architecture := range []string{"amd64", "arm64"} {
		tag := base + ":" + architecture
		run(t, ".", "crane", "append", "--oci-empty-base", "-f", layer, "-t", tag)
		run(t, ".", "crane", "mutate", "--set-platform", "linux/"+architecture, "-t", tag, tag)
	}
	run(t, ".", "crane", "index", "append", "-m", base+":amd64", "-m", base+":arm64", "-t", base+":nonroot")
	return base + ":nonroot"
}

// imageOnly returns the configuration of the release, without what is not about
// the image, and with a different base image.
func imageOnly(t *testing.T, base string) string {
	t.Helper()
	var config map[string]any
	readYAML(t, filepath.Join(root, ".goreleaser.yaml"), &config)
	for _, key := range []string{"archives", "nfpms", "homebrew_casks", "scoops", "sboms", "signs"} {
		delete(config, key)
	}
	config["release"] = map[string]any{"disable": true}
	config["builds"].([]any)[0].(map[string]any)["goos"] = []string{"linux"}
	config["kos"].([]any)[0].(map[string]any)["base_image"] = base
	text, err := yaml.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func testImageConfig(t *testing.T, image, architecture string) {
	var config struct {
		Architecture string
		Config       struct {
			User       string
			Entrypoint []string
			Labels     map[string]string
		}
	}
	if err := json.Unmarshal([]byte(run(t, ".", "crane", "config", "--platform", "linux/"+architecture, image)), &config); err != nil {
		t.Fatal(err)
	}
	it := config.Config
	if config.Architecture != architecture || it.User != "65532:65532" || !slices.Equal(it.Entrypoint, []string{"/ko-app/contractactions"}) || it.Labels["org.opencontainers.image.version"] != "0.1.0" {
		t.Errorf("%+v", config)
	}
	program := filepath.Join(unpack(t, image, architecture), "ko-app/contractactions")
	if info := run(t, ".", "go", "version", "-m", program); !strings.Contains(info, "GOARCH="+architecture+"\n") || !strings.Contains(info, "CGO_ENABLED=0\n") {
		t.Error(info)
	}
}

// unpack returns a folder with the files of the image, which users other than the
// current one can enter.
func unpack(t *testing.T, image, architecture string) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "image")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { run(t, ".", "rm", "-r", "-f", folder) }) // ko's folders are read-only, even for their owner
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	run(t, ".", "sh", "-c", `crane export --platform "linux/$2" "$1" - | tar -x -C "$3"`, "sh", image, architecture, folder)
	return folder
}

// testImageRuns runs a sandbox and a client of it in two network namespaces, which
// see each other as two containers of one network do.
func testImageRuns(t *testing.T, image string) {
	_, err := exec.LookPath("ip")
	chroot, chrootErr := exec.LookPath("chroot")
	if err != nil || chrootErr != nil || os.Geteuid() != 0 {
		t.Skip("chroot and network namespaces need root, and ip of iproute2")
	}
	folder := unpack(t, image, "amd64")
	if entries, err := os.ReadDir(filepath.Join(folder, "ko-app")); err != nil || len(entries) != 1 {
		t.Errorf("/ko-app has %v, error %v", entries, err)
	}
	connectNamespaces(t)
	write(t, filepath.Join(folder, "etc/hosts"), "10.255.15.1 sandbox\n", 0o644)

	inside := func(namespace string, variables []string, arguments ...string) *exec.Cmd {
		words := append([]string{"netns", "exec", namespace, chroot, "--userspec=65534:65534", folder, "/ko-app/contractactions"}, arguments...)
		command := exec.Command("ip", words...)
		command.Env = append([]string{"PATH=/ko-app"}, variables...) // none of this process, as in a container
		return command
	}
	serve := inside("contractactions-a", nil, "serve", "--addr", "0.0.0.0:8080", "--url", "http://sandbox:8080", "--quiet")
	stdout, err := serve.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = serve.Process.Kill()
		_ = serve.Wait()
	})
	var variables []string
	for lines := bufio.NewScanner(stdout); len(variables) < 5 && lines.Scan(); {
		name, value, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "=")
		variables = append(variables, name+"="+strings.Trim(value, "'"))
	}
	const account = "5ea75fe7aa224700012eae40"
	if output, err := inside("contractactions-b", variables, "list", account).CombinedOutput(); err != nil || !strings.Contains(string(output), "425 contract actions on") {
		t.Errorf("list in a second container with %q: %v\n%s", variables, err, output)
	}
	withoutList := slices.DeleteFunc(slices.Clone(variables), func(v string) bool { return strings.HasPrefix(v, "TALKDESK_PLAIN_HTTP_HOSTS=") })
	if output, err := inside("contractactions-b", withoutList, "list", account).CombinedOutput(); err == nil || !strings.Contains(string(output), "is plain http") {
		t.Errorf("list without the list of hosts: %v\n%s", err, output)
	}
}

// connectNamespaces makes two network namespaces with a cable between them.
func connectNamespaces(t *testing.T) {
	t.Helper()
	const a, b = "contractactions-a", "contractactions-b"
	for _, name := range []string{a, b} {
		run(t, ".", "ip", "netns", "add", name)
		t.Cleanup(func() { run(t, ".", "ip", "netns", "delete", name) })
	}
	run(t, ".", "ip", "-n", a, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", b)
	for name, address := range map[string]string{a: "10.255.15.1/30", b: "10.255.15.2/30"} {
		run(t, ".", "ip", "-n", name, "address", "add", address, "dev", "eth0")
		run(t, ".", "ip", "-n", name, "link", "set", "eth0", "up")
		run(t, ".", "ip", "-n", name, "link", "set", "lo", "up")
	}
}
